use serde_json::json;

use super::super::testing::{metadata, notes, read, spec, specs, written};

fn object(version: &str, kind: &str, spec: &str) -> String {
    format!("{{apiVersion: {version}, kind: {kind}, metadata: {{name: a}}, spec: {spec}}}")
}

#[test]
fn revisions_of_knative_are_pods() {
    let pod = "{containerConcurrency: 1, hostNetwork: true, containers: [{image: \"a:1\"}]}";
    for text in [
        object(
            "serving.knative.dev/v1",
            "Service",
            &format!("{{template: {{metadata: {{labels: {{a: b}}}}, spec: {pod}}}}}"),
        ),
        object("serving.knative.dev/v1", "Revision", pod),
    ] {
        let found = read(&text);
        assert_eq!(
            spec(&found.subjects[0]),
            json!({"hostNetwork": true, "containers": [{"name": "", "image": "a:1"}]})
        );
        assert_eq!(
            (notes(&found.subjects[0]).len(), found.subjects[0].entry.platform.as_str()),
            (0, "knative")
        );
    }
}

#[test]
fn a_driver_of_spark_is_flat() {
    let text = object(
        "sparkoperator.k8s.io/v1beta2",
        "SparkApplication",
        r#"{
          image: "s:1", volumes: [{name: v, hostPath: {path: /var/run}}],
          driver: {
            serviceAccount: sa, hostNetwork: true, labels: {a: b}, securityContext: {privileged: true},
            podSecurityContext: {runAsUser: 0}, volumeMounts: [{name: v, mountPath: /v}], sidecars: [{name: x, image: "x:1"}]
          },
          executor: {image: "e:1", template: {spec: {hostPID: true}}}
        }"#,
    );
    let found = read(&text);
    let [driver, executor] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let volumes = json!([{"name": "v", "hostPath": {"path": "/var/run"}}]);
    let wanted = json!({
        "hostNetwork": true, "serviceAccountName": "sa", "securityContext": {"runAsUser": 0}, "volumes": volumes,
        "containers": [
            {
                "name": "spark-driver", "image": "s:1", "securityContext": {"privileged": true},
                "volumeMounts": [{"name": "v", "mountPath": "/v"}],
            },
            {"name": "x", "image": "x:1"},
        ],
    });
    assert_eq!(spec(driver), wanted);
    assert_eq!(metadata(driver), json!({"labels": {"a": "b"}}));
    // The operator gives a pod those volumes alone that it mounts.
    let wanted = json!({"hostPID": true, "containers": [{"name": "spark-executor", "image": "e:1"}]});
    assert_eq!(spec(executor), wanted);
    let scheduled = object(
        "sparkoperator.k8s.io/v1beta2",
        "ScheduledSparkApplication",
        "{template: {driver: {hostNetwork: true}}}",
    );
    assert_eq!(specs(&scheduled)[0]["hostNetwork"], json!(true));
}

#[test]
fn settings_of_spark_mount_paths_of_the_host() {
    let spec_of = r#"{
      sparkConf: {
        spark.kubernetes.driver.volumes.hostPath.sock.mount.path: /sock,
        spark.kubernetes.driver.volumes.hostPath.sock.options.path: /var/run/docker.sock,
        spark.kubernetes.driver.volumes.hostPath.logs.mount.path: /logs,
        spark.kubernetes.driver.volumes.hostPath.logs.mount.readOnly: "true",
        spark.kubernetes.driver.volumes.hostPath.logs.options.path: /var/log,
        spark.kubernetes.driver.volumes.emptyDir.tmp.mount.path: /tmp,
        spark.kubernetes.executor.volumes.hostPath.root.mount.path: /host,
        spark.kubernetes.executor.volumes.hostPath.root.mount.readOnly: "false",
        spark.kubernetes.executor.volumes.hostPath.root.options.path: /,
        spark.executor.instances: 2
      },
      volumes: [{name: v, emptyDir: {}}], executor: {image: "e:1", volumeMounts: [{name: v, mountPath: /v}]}
    }"#;
    let text = object("sparkoperator.k8s.io/v1beta2", "SparkApplication", spec_of);
    let found = read(&text);
    let [driver, executor] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({
        "volumes": [
            {"name": "logs", "hostPath": {"path": "/var/log"}},
            {"name": "sock", "hostPath": {"path": "/var/run/docker.sock"}},
        ],
        "containers": [{"name": "spark-driver", "volumeMounts": [
            {"name": "logs", "mountPath": "/logs", "readOnly": true}, {"name": "sock", "mountPath": "/sock"},
        ]}],
    });
    assert_eq!(spec(driver), wanted);
    assert_eq!(written(driver, "/spec/volumes/1/hostPath/path"), "/var/run/docker.sock");
    let wanted = json!({
        "volumes": [{"name": "v", "emptyDir": {}}, {"name": "root", "hostPath": {"path": "/"}}],
        "containers": [{"name": "spark-executor", "image": "e:1", "volumeMounts": [
            {"name": "v", "mountPath": "/v"}, {"name": "root", "mountPath": "/host"},
        ]}],
    });
    assert_eq!(spec(executor), wanted);
    let scheduled = format!("{{template: {spec_of}}}");
    let scheduled = object("sparkoperator.k8s.io/v1beta2", "ScheduledSparkApplication", &scheduled);
    assert_eq!(specs(&scheduled), specs(&text));
}

#[test]
fn strategies_of_shipwright_are_steps_of_one_pod() {
    let text = object(
        "shipwright.io/v1beta1",
        "ClusterBuildStrategy",
        "{steps: [{name: b, image: \"b:1\", securityContext: {privileged: true}}], volumes: [{name: v, overridable: true, emptyDir: {}}], securityContext: {runAsUser: 0, runAsGroup: 0}}",
    );
    let found = read(&text);
    let wanted = json!({
        "securityContext": {"runAsUser": 0, "runAsGroup": 0},
        "volumes": [{"name": "v", "emptyDir": {}}],
        "containers": [{"name": "b", "image": "b:1", "securityContext": {"privileged": true}}],
    });
    assert_eq!(spec(&found.subjects[0]), wanted);
    assert_eq!(notes(&found.subjects[0]), [json!(null); 0]);
    let text = object(
        "shipwright.io/v1beta1",
        "BuildRun",
        "{build: {spec: {volumes: [{name: v, hostPath: {path: /}}]}}}",
    );
    assert_eq!(specs(&text)[0]["volumes"][0]["hostPath"]["path"], json!("/"));
}

#[test]
fn a_scaled_job_holds_a_template() {
    let text = object(
        "keda.sh/v1alpha1",
        "ScaledJob",
        "{jobTargetRef: {template: {spec: {hostPID: true, containers: []}}}}",
    );
    let found = read(&text);
    assert_eq!(found.subjects[0].locate("/spec/hostPID"), "/spec/jobTargetRef/template/spec/hostPID");
    assert_eq!(found.subjects[0].entry.platform, "keda");
}

#[test]
fn a_kind_without_its_pod_is_told() {
    for (version, kind) in [("serving.knative.dev/v1", "Service"), ("keda.sh/v1alpha1", "ScaledJob")] {
        let found = read(&object(version, kind, "{a: b}"));
        assert!(found.subjects.is_empty() && found.not_evaluated[0].cause.is_error(), "{found:#?}");
    }
}

#[test]
fn the_webhook_of_knative_takes_any_case() {
    for text in [
        "{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: s}, spec: {Template: {spec: {HostNetwork: HOST, containers: [{image: i}]}}}}",
        "{apiVersion: serving.knative.dev/v1, kind: Revision, metadata: {name: s}, spec: {ho\u{17f}tNetwork: HOST, containers: [{image: i}]}}",
    ] {
        for host in [true, false] {
            let found = read(&text.replace("HOST", &host.to_string()));
            assert_eq!(spec(&found.subjects[0])["hostNetwork"], json!(host), "{text}");
            assert_eq!(found.not_evaluated.len(), 1 + usize::from(text.contains("Template")), "{found:#?}");
        }
    }
}
