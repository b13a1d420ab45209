{{- define "ent.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "ent.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "ent.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "ent.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "ent.instanceLabels" -}}
app.kubernetes.io/name: {{ include "ent.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Called with (dict "root" $ "component" "web"). */}}
{{- define "ent.selectorLabels" -}}
{{ include "ent.instanceLabels" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "ent.labels" -}}
{{ include "ent.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "ent.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "ent.mediaClaim" -}}
{{- .Values.media.existingClaim | default (printf "%s-media" (include "ent.fullname" .)) -}}
{{- end -}}

{{/* What is not secret. One place, so that the migrate job, which runs before the ConfigMap exists, has the same. */}}
{{- define "ent.settings" -}}
DJANGO_SETTINGS_MODULE: config.settings.production
ENT_DOMAIN: {{ .Values.domain | quote }}
ENT_FILES_HOST: {{ .Values.filesHost | quote }}
ENT_SMTP_HOST: {{ .Values.smtp.host | quote }}
ENT_SMTP_PORT: {{ .Values.smtp.port | quote }}
ENT_MEDIA_DIR: /srv/media
{{- range $name, $value := .Values.extraEnv }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "ent.runtimeSecrets" -}}
{{- $secret := .Values.secrets.runtime -}}
{{- range list "ENT_DATABASE_URL" "ENT_SECRET_KEY" "ENT_BROKER_URL" "ENT_CACHE_URL" }}
- name: {{ . }}
  valueFrom: {secretKeyRef: {name: {{ $secret | quote }}, key: {{ . }}}}
{{- end }}
{{- range list "ENT_SENTRY_DSN" "ENT_METRICS_TOKEN" "ENT_SMTP_USER" "ENT_SMTP_PASSWORD" "ENT_PUSH_KEY" "ENT_RETURNS_MAILBOX" }}
- name: {{ . }}
  valueFrom: {secretKeyRef: {name: {{ $secret | quote }}, key: {{ . }}, optional: true}}
{{- end }}
{{- end -}}

{{/* The right to change tables: for the worker (openings) and the migrate job, never for the web. */}}
{{- define "ent.ownerSecret" -}}
{{- if eq .Values.secrets.owner .Values.secrets.runtime -}}
{{- fail "secrets.owner must be another secret than secrets.runtime: the web pods may read the latter" -}}
{{- end -}}
- name: ENT_OWNER_DATABASE_URL
  valueFrom: {secretKeyRef: {name: {{ .Values.secrets.owner | quote }}, key: ENT_OWNER_DATABASE_URL}}
{{- end -}}

{{/* For who signs: the web (a mayor, the académie) and the worker (a wave). */}}
{{- define "ent.sealSecret" -}}
{{- with .Values.seal.secret }}
- {name: ENT_SEAL_FILE, value: /etc/ent/seal/seal.p12}
{{- if $.Values.seal.roots }}
- {name: ENT_SEAL_ROOTS, value: /etc/ent/seal/roots.pem}
{{- end }}
- name: ENT_SEAL_PASSPHRASE
  valueFrom: {secretKeyRef: {name: {{ . | quote }}, key: passphrase}}
- name: ENT_TSA_URL
  valueFrom: {secretKeyRef: {name: {{ . | quote }}, key: tsa-url}}
{{- end }}
{{- end -}}

{{- define "ent.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "ent.container" -}}
image: {{ include "ent.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  privileged: false
  capabilities: {drop: [ALL]}
{{- end -}}

{{/* Called with (dict "root" $ "component" "web" "media" true "seal" true). */}}
{{- define "ent.mounts" -}}
- {name: tmp, mountPath: /tmp}
{{- if and .seal .root.Values.seal.secret }}
- {name: seal, mountPath: /etc/ent/seal, readOnly: true}
{{- end }}
{{- if .media }}
- {name: media, mountPath: /srv/media}
{{- end }}
{{- end -}}

{{- define "ent.volumes" -}}
- name: tmp
  emptyDir: {sizeLimit: 1Gi}
{{- if and .seal .root.Values.seal.secret }}
- name: seal
  secret:
    secretName: {{ .root.Values.seal.secret | quote }}
    defaultMode: 0440
    items:
      - {key: seal.p12, path: seal.p12}
      {{- if .root.Values.seal.roots }}
      - {key: roots.pem, path: roots.pem}
      {{- end }}
{{- end }}
{{- if .media }}
- name: media
  persistentVolumeClaim: {claimName: {{ include "ent.mediaClaim" .root }}}
{{- end }}
{{- end -}}

{{/* One component's pods on several nodes and zones, when there are some. */}}
{{- define "ent.placement" -}}
topologySpreadConstraints:
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "ent.selectorLabels" $ | nindent 8 }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "ent.podMeta" -}}
labels: {{- include "ent.labels" . | nindent 2 }}
annotations:
  checksum/settings: {{ include "ent.settings" .root | sha256sum }}
{{- with .values.podAnnotations }}
{{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
