
import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('title', models.CharField(max_length=120, verbose_name='titre')),
                ('communes', models.JSONField(blank=True, default=list, verbose_name='communes concernées')),
                ('parts', models.JSONField(blank=True, default=list, verbose_name='services concernés')),
                ('severity', models.CharField(choices=[('minor', 'Gêne : tout marche, mal ou lentement'), ('major', 'Panne d’un service'), ('critical', 'Panne générale')], max_length=8, verbose_name='gravité')),
                ('started_at', models.DateTimeField(verbose_name='début')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='fin')),
                ('cause', models.CharField(blank=True, max_length=300, verbose_name='cause')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='écrit par')),
            ],
            options={
                'verbose_name': 'incident',
                'verbose_name_plural': 'incidents',
                'ordering': ['-started_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='IncidentUpdate',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('words', models.TextField(max_length=600, verbose_name='message')),
                ('at', models.DateTimeField(verbose_name='le')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='écrit par')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='updates', to='maintenance.incident', verbose_name='incident')),
            ],
            options={
                'verbose_name': 'message d’incident',
                'verbose_name_plural': 'messages d’incident',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PartDay',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('part', models.CharField(choices=[('sign_in', 'connexion et pages'), ('messages', 'mots et notifications'), ('mail', 'courriels'), ('files', 'documents')], max_length=10, verbose_name='service')),
                ('day', models.DateField(verbose_name='jour')),
                ('checks', models.PositiveIntegerField(default=0, verbose_name='mesures')),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='échecs')),
                ('last_at', models.DateTimeField(verbose_name='dernière mesure')),
                ('is_up', models.BooleanField(default=True, verbose_name='répond')),
            ],
            options={
                'verbose_name': 'journée d’un service',
                'verbose_name_plural': 'journées des services',
                'ordering': ['day', 'part'],
                'constraints': [models.UniqueConstraint(fields=('part', 'day'), name='maintenance_one_row_a_part_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('title', models.CharField(max_length=120, verbose_name='titre')),
                ('communes', models.JSONField(blank=True, default=list, verbose_name='communes concernées')),
                ('parts', models.JSONField(blank=True, default=list, verbose_name='services concernés')),
                ('detail', models.TextField(blank=True, max_length=600, verbose_name='explication')),
                ('access', models.CharField(choices=[('open', 'Tout reste utilisable, avec de courtes lenteurs'), ('read_only', 'On peut lire, pas enregistrer'), ('closed', 'Les pages sont fermées')], max_length=9, verbose_name='pendant l’intervention')),
                ('starts_at', models.DateTimeField(verbose_name='début')),
                ('ends_at', models.DateTimeField(verbose_name='fin')),
                ('announced_from', models.DateTimeField(verbose_name='annoncée à partir du')),
                ('during_school', models.BooleanField(default=False, verbose_name='pendant la classe')),
                ('tells_heads', models.BooleanField(default=False, verbose_name='courriel aux directions')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
                ('cancelled_because', models.CharField(blank=True, max_length=200, verbose_name='raison')),
                ('extended_at', models.DateTimeField(blank=True, null=True, verbose_name='prolongée le')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='écrit par')),
            ],
            options={
                'verbose_name': 'intervention',
                'verbose_name_plural': 'interventions',
                'ordering': ['starts_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('title', models.CharField(max_length=120, verbose_name='titre')),
                ('body', models.TextField(max_length=1500, verbose_name='texte')),
                ('readers', models.JSONField(blank=True, default=list, verbose_name='pour qui')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='publiée le')),
                ('shipped_as', models.CharField(blank=True, max_length=60, verbose_name='livrée sous le nom')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='écrite par')),
            ],
            options={
                'verbose_name': 'nouveauté',
                'verbose_name_plural': 'nouveautés',
                'ordering': [models.OrderBy(models.F('published_at'), descending=True, nulls_first=True), '-created_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('shipped_as', ''), _negated=True), fields=('shipped_as',), name='maintenance_change_shipped_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='maintenance_incident_order'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='maintenance_window_order'),
        ),
    ]
