# Where long-lived credentials lie in a pod. No message repeats a value of one.
package lib.podgate.credential

import data.lib.podgate.path
import data.lib.podgate.placeholder
import data.lib.podgate.pod
import data.lib.podgate.reference

import future.keywords.not
import rego.v1

# Every such place, with its message and details.
exposed := array.concat(_variables, array.concat(_bundles, _mounts))

_variables := [found |
	some container in data.lib.podgate.pod.containers
	is_array(container.spec.env)
	some i, variable in container.spec.env
	kind = _names[variable.name]
	said = _said(container, variable, kind.file)
	found := {
		"text": sprintf("%v has %v in the variable %v, %v", [
			pod.called(container),
			kind.what,
			variable.name,
			said.text,
		]),
		"details": _details(container, sprintf("env/%v/name", [i]), said.severity),
	}
]

# Secrets taken over as a whole tell what is in them by their name alone.
_bundles := [found |
	some container in data.lib.podgate.pod.containers
	is_array(container.spec.envFrom)
	some i, source in container.spec.envFrom
	name = source.secretRef.name
	is_string(name)
	count([word | some word in _clouds; contains(lower(name), word)]) > 0
	text := `%v takes all of the Secret "%v" into its environment, by its name the credentials of a cloud`
	found := {
		"text": sprintf(text, [pod.called(container), name]),
		"details": _details(container, sprintf("envFrom/%v/secretRef/name", [i]), "low"),
	}
]

_mounts := [found |
	count(_secret_volumes) > 0
	some container in data.lib.podgate.pod.containers
	is_array(container.spec.volumeMounts)
	some i, mount in container.spec.volumeMounts
	some volume in _secret_volumes
	volume.name == mount.name
	what = _place(container, mount.mountPath)
	found := {
		"text": sprintf("%v has %v in %v, from %v", [pod.called(container), what.text, mount.mountPath, volume.text]),
		"details": _details(container, sprintf("volumeMounts/%v/mountPath", [i]), what.severity),
	}
]

_details(container, field, severity) := {
	"path": pod.pointer(container, field),
	"container": container.name,
	"severity": severity,
}

# What a variable says; undefined where it gives nothing away.
_said(container, variable, is_file) := {"severity": "medium", "text": text} if {
	is_file
	is_string(variable.value)
	names := _volumes_above(container, variable.value)
	from := [volume.text | some volume in _secret_volumes; volume.name in names]
	count(from) > 0
	text := sprintf("which names a file from %v", [from[0]])
} else := {"severity": "low", "text": "which names a file that no volume brings"} if {
	is_file
	is_string(variable.value)
	variable.value != ""
	not data.lib.podgate.pod.partial
	count(_volumes_above(container, variable.value)) == 0
} else := {"severity": "medium", "text": "filled in from elsewhere"} if {
	not is_file
	reference.is_one(variable.value)
} else := {"severity": "high", "text": "in clear text"} if {
	not is_file
	is_string(variable.value)
	variable.value != ""
	not placeholder.is_one(variable.value)
} else := {"severity": "medium", "text": text} if {
	not is_file
	is_object(variable.valueFrom.secretKeyRef)
	name := object.get(variable.valueFrom.secretKeyRef, "name", "")
	text := sprintf(`from the Secret "%v"`, [name])
} else := {"severity": "high", "text": text} if {
	not is_file
	is_object(variable.valueFrom.configMapKeyRef)
	name := object.get(variable.valueFrom.configMapKeyRef, "name", "")
	text := sprintf(`from the ConfigMap "%v", which is no place for secrets`, [name])
}

# The volumes that a container has at or above a path.
_volumes_above(container, path) := [mount.name |
	is_array(container.spec.volumeMounts)
	some mount in container.spec.volumeMounts
	is_string(mount.mountPath)
	is_string(mount.name)
	startswith(sprintf("%v/", [path]), sprintf("%v/", [trim_right(mount.mountPath, "/")]))
]

# Volumes with something secret in them.
_secret_volumes := [volume |
	some listed in data.lib.podgate.pod.volumes
	some kind, source in listed.body
	kind in {"csi", "projected", "secret"}
	is_object(source)
	text = _secret(kind, source)
	volume := {"name": object.get(listed.body, "name", ""), "text": text}
]

_secret(kind, source) := sprintf(`the Secret "%v"`, [name]) if {
	kind == "secret"
	name := object.get(source, "secretName", "")
} else := sprintf(`the Secret "%v"`, [names[0]]) if {
	kind == "projected"
	is_array(source.sources)
	names := [name | some part in source.sources; is_object(part.secret); name := object.get(part.secret, "name", "")]
	count(names) > 0
} else := "a store of secrets" if {
	kind == "csi"
	is_string(source.driver)
	startswith(source.driver, "secrets-store")
}

# What tools keep at a place of the container; undefined where it is none of theirs.
_place(container, raw) := found[0] if {
	is_string(raw)
	place := sprintf("/%v/", [trim(path.read(raw).clean, "/")])
	found := [what | some part, what in _places; contains(place, part); _is_read(container, part, place)]
	count(found) > 0
}

# Docker has files and folders of its own below its folder, and any other may be named to it. It has none in `secrets`,
# which counts where the container may name it.
_is_read(container, part, place) if {
	part != "/.docker/"
} else if {
	not contains(place, "/.docker/secrets/")
} else if {
	is_array(container.spec.env)
	told := [variable | some variable in container.spec.env; variable.name in _folders; _may_be_secrets(variable)]
	count(told) > 0
} else if {
	run := [object.get(container.spec, name, "") | some name in ["args", "command", "lifecycle"]]
	text := sprintf("%v", [run])
	strings.replace_n(_naming, text) != text
}

_may_be_secrets(variable) if {
	not is_string(variable.value)
} else if {
	strings.replace_n({"$": "", ".docker/secrets": ""}, variable.value) != variable.value
}

# Variables that name a folder or a file to Docker, or to a program that takes its place.
_folders := {"DOCKER_CERT_PATH", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE"}

# How commands do so.
_naming := {word: "" | some word in array.concat(["--authfile", "--config", "--tls"], [name | some name in _folders])}

_places := {
	"/.aws/": {"text": "AWS credentials", "severity": "medium"},
	"/.azure/": {"text": "Azure credentials", "severity": "medium"},
	"/.config/gcloud/": {"text": "Google Cloud credentials", "severity": "medium"},
	"/.docker/": {"text": "a registry's password", "severity": "medium"},
	"/.kube/": {"text": "a kubeconfig", "severity": "medium"},
	"/.ssh/": {"text": "an SSH key", "severity": "low"},
}

_clouds := ["aws", "azure", "gcloud", "gcp", "google"]

_names := {
	"ALIBABA_CLOUD_ACCESS_KEY_SECRET": {"what": "the secret key of an Alibaba Cloud user", "file": false},
	"ARM_CLIENT_SECRET": {"what": "the password of an Azure application", "file": false},
	"AWS_SECRET_ACCESS_KEY": {"what": "the secret key of an AWS user", "file": false},
	"AWS_SECRET_KEY": {"what": "the secret key of an AWS user", "file": false},
	"AWS_SESSION_TOKEN": {"what": "a session of an AWS role", "file": false},
	"AWS_SHARED_CREDENTIALS_FILE": {"what": "AWS credentials", "file": true},
	"AZURE_CLIENT_SECRET": {"what": "the password of an Azure application", "file": false},
	"AZURE_PASSWORD": {"what": "the password of an Azure user", "file": false},
	"AZURE_STORAGE_KEY": {"what": "the key of an Azure storage account", "file": false},
	"DIGITALOCEAN_ACCESS_TOKEN": {"what": "a token of DigitalOcean", "file": false},
	"GOOGLE_APPLICATION_CREDENTIALS": {"what": "the key of a Google Cloud account", "file": true},
	"GOOGLE_CREDENTIALS": {"what": "the key of a Google Cloud account", "file": false},
}
