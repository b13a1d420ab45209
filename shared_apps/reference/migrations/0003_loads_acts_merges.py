
import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reference', '0002_school_place'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='refcommune',
            name='merged_on',
            field=models.DateField(blank=True, null=True, verbose_name='réunie le'),
        ),
        migrations.AddField(
            model_name='refcommune',
            name='successor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorbed', to='reference.refcommune', to_field='insee', verbose_name='réunie à'),
        ),
        migrations.AddField(
            model_name='refschool',
            name='former_commune',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='former_schools', to='reference.refcommune', to_field='insee', verbose_name='commune d’avant'),
        ),
        migrations.CreateModel(
            name='ReferenceAct',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('what', models.CharField(choices=[('opened', 'école ouverte'), ('closed', 'école fermée'), ('reopened', 'école rouverte'), ('renamed', 'nom changé'), ('merged', 'communes réunies'), ('day', 'calendrier modifié')], max_length=8, verbose_name='acte')),
                ('code', models.CharField(blank=True, max_length=8, verbose_name='UAI ou code INSEE')),
                ('words', models.CharField(max_length=300, verbose_name='ce qui a changé')),
                ('reason', models.CharField(max_length=200, verbose_name='raison')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='fait par')),
            ],
            options={
                'verbose_name': 'acte sur le référentiel',
                'verbose_name_plural': 'actes sur le référentiel',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ReferenceLoad',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('kind', models.CharField(choices=[('communes', 'communes'), ('districts', 'circonscriptions'), ('schools', 'écoles'), ('calendar', 'calendrier')], max_length=10, verbose_name='sorte')),
                ('file_name', models.CharField(max_length=120, verbose_name='fichier')),
                ('digest', models.CharField(max_length=64, verbose_name='empreinte du fichier')),
                ('content', models.BinaryField(null=True, verbose_name='contenu')),
                ('seen', models.CharField(max_length=64, verbose_name='empreinte des changements')),
                ('lines', models.JSONField(default=list, verbose_name='changements')),
                ('removed', models.PositiveIntegerField(default=0, verbose_name='retraits')),
                ('unchanged', models.PositiveIntegerField(default=0, verbose_name='identiques')),
                ('state', models.CharField(choices=[('waiting', 'à approuver'), ('approved', 'approuvé'), ('refused', 'écarté')], default='waiting', max_length=8, verbose_name='état')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='décidé le')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='décidé par')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='déposé par')),
            ],
            options={
                'verbose_name': 'chargement du référentiel',
                'verbose_name_plural': 'chargements du référentiel',
                'ordering': ['-created_at', '-id'],
            },
        ),
    ]
