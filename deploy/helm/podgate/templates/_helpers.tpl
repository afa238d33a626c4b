{{- define "podgate.name" -}}
{{- /* A Service's name has no dots, and the CronJob's, which is five letters longer, at most 52 letters. */ -}}
{{- $name := .Release.Name | replace "." "-" }}
{{- if not (contains "podgate" $name) }}{{ $name = printf "%s-podgate" $name }}{{ end }}
{{- $name | trunc 47 | trimSuffix "-" }}
{{- end }}

{{- /* Names of cluster-wide objects: one for each release and namespace, and short for the usual one. */ -}}
{{- define "podgate.clusterName" -}}
{{- $name := include "podgate.name" . }}
{{- if eq $name .Release.Namespace }}{{ $name }}{{ else }}{{ printf "%s-%s" .Release.Namespace $name }}{{ end }}
{{- end }}

{{- define "podgate.secret" -}}
{{- $suffix := ternary "managed-certificate" "certificate" (eq .Values.certificates.mode "managed") }}
{{- .Values.certificates.secretName | default (printf "%s-%s" (include "podgate.name" .) $suffix) }}
{{- end }}

{{- /* Not empty where namespaces may choose profiles by their labels. */ -}}
{{- define "podgate.readsNamespaces" -}}
{{- if (.Values.settings.admission | default dict).namespaceProfiles }}true{{ end }}
{{- end }}

{{- /* Not empty where the server asks the API server for something. */ -}}
{{- define "podgate.asksCluster" -}}
{{- if or (eq .Values.certificates.mode "managed") .Values.gatekeeper.clientCAFrom (include "podgate.readsNamespaces" .) }}true{{ end }}
{{- end }}

{{- define "podgate.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}{{ end }}
{{- end }}

{{- /* What selects the server's pods; never changes. */ -}}
{{- define "podgate.selector" -}}
app.kubernetes.io/name: podgate
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end }}

{{- define "podgate.labels" -}}
app.kubernetes.io/name: podgate
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- /* Namespaces that no value can have judged: without the first the control plane, without the second podgate itself could not start. */ -}}
{{- define "podgate.excluded" -}}
{{- concat (list "kube-system" .Release.Namespace) (.Values.webhook.excludedNamespaces | default list) | uniq | toJson }}
{{- end }}

{{- define "podgate.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "podgate.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- /* The token of the service account as it would be mounted by itself, but for one container alone. */ -}}
{{- define "podgate.token" -}}
- name: token
  projected:
    defaultMode: 0440
    sources:
      - serviceAccountToken: {path: token, expirationSeconds: 3600}
      - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
      - downwardAPI: {items: [{path: namespace, fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}]}
{{- end }}

{{- /* What the two webhooks have in common. */ -}}
{{- define "podgate.webhook" -}}
admissionReviewVersions: [v1]
sideEffects: None
timeoutSeconds: {{ .Values.webhook.timeoutSeconds }}
matchPolicy: Equivalent
clientConfig:
  {{- if eq .Values.certificates.mode "secret" }}
  caBundle: {{ required "certificates.caBundle is the authority of the certificate, in PEM" .Values.certificates.caBundle | b64enc }}
  {{- end }}
  service: {name: {{ include "podgate.name" . }}, namespace: {{ .Release.Namespace }}, path: /validate, port: 443}
namespaceSelector:
  matchExpressions:
    - key: kubernetes.io/metadata.name
      operator: NotIn
      values: {{ include "podgate.excluded" . }}
matchConditions:
  # Most updates of pods and workloads change what policies do not see: finalizers, owners, managed fields, the status.
  # Of other objects it is not known here which fields have a pod.
  - name: changes-what-is-judged
    expression: >-
      request.operation != 'UPDATE'
      || !(request.resource.group in ['', 'apps', 'batch'] && request.resource.resource in ['pods', 'podtemplates',
      'replicationcontrollers', 'deployments', 'replicasets', 'statefulsets', 'daemonsets', 'jobs', 'cronjobs'])
      || object.?spec != oldObject.?spec || object.?template != oldObject.?template
      || object.metadata.?labels != oldObject.metadata.?labels
      || object.metadata.?annotations != oldObject.metadata.?annotations
  {{- with .Values.webhook.extraMatchConditions }}{{ toYaml . | nindent 2 }}{{ end }}
{{- end }}
