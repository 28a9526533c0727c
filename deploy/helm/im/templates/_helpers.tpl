{{/* Each is called with (list $ "server"), whose second is a key of the values. */}}

{{- define "im.name" -}}
{{- printf "%s-%s" (index . 0).Release.Name (index . 1) | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "im.selector" -}}
app.kubernetes.io/name: {{ printf "im-%s" (index . 1) }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
{{- end -}}

{{- define "im.labels" -}}
{{ include "im.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name (index . 0).Chart.Version }}
{{- end -}}

{{- define "im.image" -}}
{{- $root := index . 0 -}}
{{- with $root.Values.image.repository }}{{ . }}/{{ end }}im-{{ index . 1 }}:{{ $root.Values.image.tag | default $root.Chart.AppVersion }}
{{- end -}}

{{- define "im.secret" -}}
- name: {{ index . 1 }}
  valueFrom:
    secretKeyRef:
      name: {{ required "existingSecret: the name of a Secret with the keys that values.yaml lists" (index . 0).Values.existingSecret }}
      key: {{ index . 2 }}
{{- end -}}

{{- define "im.env" -}}
{{- range $name, $value := . -}}
- name: {{ $name }}
  value: {{ $value | quote }}
{{ end }}
{{- end -}}

{{/* For all containers: without rights, and a root that cannot be written to. */}}
{{- define "im.container-security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- define "im.pod-security" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{/* Live as long as a restart would not help; ready when it may be given work. */}}
{{- define "im.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: admin }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /healthz, port: admin }
  periodSeconds: 10
  timeoutSeconds: 5
readinessProbe:
  httpGet: { path: /readyz, port: admin }
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 2
# Before SIGTERM, so that nobody is sent here any more when it drains.
lifecycle:
  preStop:
    exec: { command: [sleep, '5'] }
{{- end -}}

{{- define "im.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "im.selector" . | nindent 8 }}
{{- end -}}
