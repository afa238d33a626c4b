//! Policies, pods and the policies here that refuse them, as the source of the admission plugin says.

use serde_json::Value;

/// The spec of a pod, and the policies that refuse it.
type Case = (&'static str, &'static [&'static str]);

/// Specs of policies, without the rules that must be there, and under each: pods.
pub(super) const TABLE: &[(&str, &[Case])] = &[
    // A policy that grants nothing.
    (
        "{}",
        &[
            ("{containers: [{name: a}]}", &[]),
            ("{containers: [{name: a, securityContext: {privileged: true}}]}", &["PSP-privileged"]),
            ("{initContainers: [{name: a, securityContext: {privileged: true}}]}", &["PSP-privileged"]),
            ("{ephemeralContainers: [{name: a, securityContext: {privileged: true}}]}", &["PSP-privileged"]),
            ("{hostPID: true}", &["PSP-hostPID"]),
            ("{hostIPC: true}", &["PSP-hostIPC"]),
            ("{hostNetwork: true}", &["PSP-hostNetwork"]),
            (
                "{hostNetwork: true, containers: [{name: a, ports: [{containerPort: 80}]}]}",
                &["PSP-hostNetwork", "PSP-hostPorts"],
            ),
            ("{containers: [{name: a, ports: [{containerPort: 80, hostPort: 80}]}]}", &["PSP-hostPorts"]),
            ("{volumes: [{name: v}]}", &["PSP-volumes"]),
            (
                "{containers: [{name: a, securityContext: {procMount: Unmasked}}]}",
                &["PSP-allowedProcMountTypes"],
            ),
            (
                "{containers: [{name: a, securityContext: {capabilities: {add: [KILL]}}}]}",
                &["PSP-capabilities"],
            ),
            ("{containers: [{name: a, securityContext: {allowPrivilegeEscalation: true}}]}", &[]),
            ("{securityContext: {sysctls: [{name: kernel.sem, value: '1'}]}}", &["PSP-allowedUnsafeSysctls"]),
            ("{securityContext: {sysctls: [{name: kernel.shm_rmid_forced, value: '1'}]}}", &[]),
            ("{securityContext: {seccompProfile: {type: RuntimeDefault}}}", &["PSP-seccomp"]),
            ("{runtimeClassName: gvisor}", &[]),
        ],
    ),
    // Ids: MustRunAs fills in what is missing, MayRunAs takes it, an empty list is neither.
    (
        "{runAsUser: {rule: MustRunAs, ranges: [{min: 1, max: 9}, {min: 20, max: 20}]}, \
         runAsGroup: {rule: MayRunAs, ranges: [{min: 1, max: 9}]}, fsGroup: {rule: MayRunAs, ranges: [{min: 1, max: 9}]}, \
         supplementalGroups: {rule: MustRunAs, ranges: [{min: 1, max: 9}]}}",
        &[
            ("{containers: [{name: a}]}", &[]),
            ("{containers: [{name: a, securityContext: {runAsUser: 20}}]}", &[]),
            ("{containers: [{name: a, securityContext: {runAsUser: 10}}]}", &["PSP-runAsUser"]),
            (
                "{securityContext: {runAsUser: 0}, containers: [{name: a, securityContext: {runAsUser: 1}}]}",
                &[],
            ),
            ("{securityContext: {runAsUser: 0}, containers: [{name: a}]}", &["PSP-runAsUser"]),
            ("{containers: [{name: a, securityContext: {runAsGroup: 0}}]}", &["PSP-runAsGroup"]),
            ("{securityContext: {fsGroup: 0}}", &["PSP-fsGroup"]),
            ("{securityContext: {fsGroup: 9}}", &[]),
            ("{securityContext: {supplementalGroups: []}}", &["PSP-supplementalGroups"]),
            ("{securityContext: {supplementalGroups: [1, 10]}}", &["PSP-supplementalGroups"]),
        ],
    ),
    // MustRunAsNonRoot, and fields that are set where they are missing but not changed where they are wrong.
    (
        "{runAsUser: {rule: MustRunAsNonRoot}, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, \
         requiredDropCapabilities: [ALL], seLinux: {rule: MustRunAs, seLinuxOptions: {level: 's0:c1,c2'}}}",
        &[
            ("{containers: [{name: a}]}", &[]),
            ("{containers: [{name: a, securityContext: {runAsUser: 0}}]}", &["PSP-runAsUser"]),
            ("{containers: [{name: a, securityContext: {runAsNonRoot: false}}]}", &["PSP-runAsUser"]),
            ("{containers: [{name: a, securityContext: {runAsNonRoot: true}}]}", &[]),
            (
                "{containers: [{name: a, securityContext: {readOnlyRootFilesystem: false}}]}",
                &["PSP-readOnlyRootFilesystem"],
            ),
            (
                "{containers: [{name: a, securityContext: {allowPrivilegeEscalation: true}}]}",
                &["PSP-allowPrivilegeEscalation"],
            ),
            ("{securityContext: {seLinuxOptions: {level: 's0:c2,c1'}}, containers: [{name: a}]}", &[]),
            ("{securityContext: {seLinuxOptions: {level: 's0:c2'}}}", &["PSP-seLinux"]),
            (
                "{containers: [{name: a, securityContext: {seLinuxOptions: {level: 's0:c1,c2', type: spc_t}}}]}",
                &["PSP-seLinux"],
            ),
        ],
    ),
    // Paths of the node, by whole names.
    (
        "{volumes: [hostPath, secret], allowedHostPaths: [{pathPrefix: /a, readOnly: true}, {pathPrefix: /a/w}]}",
        &[
            ("{volumes: [{name: v, hostPath: {path: /a/b}}]}", &[]),
            ("{volumes: [{name: v, hostPath: {path: /ab}}]}", &["PSP-allowedHostPaths"]),
            ("{volumes: [{name: v, hostPath: {path: /}}]}", &["PSP-allowedHostPaths"]),
            (
                "{volumes: [{name: v, hostPath: {path: /a/b}}], containers: [{name: a, volumeMounts: [{name: v}]}]}",
                &["PSP-allowedHostPaths"],
            ),
            (
                "{volumes: [{name: v, hostPath: {path: /a/w/b}}], containers: [{name: a, volumeMounts: [{name: v}]}]}",
                &[],
            ),
            (
                "{volumes: [{name: v, hostPath: {path: /a}}], containers: [{name: a, volumeMounts: [{name: v, readOnly: true}]}]}",
                &[],
            ),
            ("{volumes: [{name: v, projected: {sources: [{serviceAccountToken: {path: token}}]}}]}", &[]),
            ("{volumes: [{name: v, projected: {sources: [{secret: {name: s}}]}}]}", &["PSP-volumes"]),
            ("{volumes: [{name: v, emptyDir: {}}]}", &["PSP-volumes"]),
        ],
    ),
    // Stars, and what they do not cover.
    (
        "{volumes: ['*'], allowedCapabilities: ['*'], allowedUnsafeSysctls: ['*'], forbiddenSysctls: ['kernel.*'], \
         allowedCSIDrivers: [{name: a}], allowedFlexVolumes: [{driver: x/a}], \
         runtimeClass: {allowedRuntimeClassNames: ['kata']}}",
        &[
            ("{volumes: [{name: v, nfs: {server: s, path: /}}]}", &[]),
            ("{volumes: [{name: v, image: {reference: a}}]}", &["PSP-volumes"]),
            ("{volumes: [{name: v, csi: {driver: b}}]}", &["PSP-allowedCSIDrivers"]),
            ("{volumes: [{name: v, flexVolume: {driver: x/b}}]}", &["PSP-allowedFlexVolumes"]),
            ("{containers: [{name: a, securityContext: {capabilities: {add: [ALL]}}}]}", &[]),
            ("{securityContext: {sysctls: [{name: net.core.somaxconn, value: '1'}]}}", &[]),
            (
                "{securityContext: {sysctls: [{name: kernel.shm_rmid_forced, value: '1'}]}}",
                &["PSP-forbiddenSysctls"],
            ),
            ("{runtimeClassName: runc}", &["PSP-runtimeClass"]),
            ("{runtimeClassName: kata}", &[]),
        ],
    ),
];

/// A manifest with a spec, and RunAsAny for what it does not say.
pub(super) fn policy(spec: &str) -> String {
    let rules = ["seLinux", "runAsUser", "supplementalGroups", "fsGroup"]
        .into_iter()
        .filter(|field| !spec.contains(field));
    let rules: Vec<String> = rules.map(|field| format!("{field}: {{rule: RunAsAny}}")).collect();
    let own = spec.strip_prefix('{').unwrap();
    let between = if own == "}" || rules.is_empty() { "" } else { ", " };
    format!(
        "{{apiVersion: policy/v1beta1, kind: PodSecurityPolicy, metadata: {{name: a}}, spec: {{{}{between}{own}}}",
        rules.join(", ")
    )
}

/// A pod with a spec.
pub(super) fn pod(spec: &str) -> Value {
    let text = format!("{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {spec}}}");
    let document = podgate::document::read("pod.yaml", text, &Default::default()).remove(0).unwrap();
    serde_json::to_value(document.root()).unwrap()
}
