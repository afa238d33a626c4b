//! `config.xml` of the controller and of jobs.

use serde_json::json;

use super::{read_file, reasons, spec, written};

const XML: &str = "<?xml version='1.1' encoding='UTF-8'?>
<hudson>
  <clouds>
    <org.csanchez.jenkins.plugins.kubernetes.KubernetesCloud plugin=\"kubernetes@4300\">
      <name>k8s</name>
      <namespace>ci</namespace>
      <templates>
        <org.csanchez.jenkins.plugins.kubernetes.PodTemplate>
          <inheritFrom></inheritFrom>
          <name>base</name>
          <hostNetwork>true</hostNetwork>
          <volumes>
            <org.csanchez.jenkins.plugins.kubernetes.volumes.HostPathVolume>
              <mountPath>/s</mountPath>
              <hostPath>/var/run&#x2f;docker.sock</hostPath>
              <readOnly>false</readOnly>
            </org.csanchez.jenkins.plugins.kubernetes.volumes.HostPathVolume>
          </volumes>
          <containers>
            <org.csanchez.jenkins.plugins.kubernetes.ContainerTemplate>
              <name>a</name>
              <image>b</image>
              <privileged>true</privileged>
              <command></command>
              <envVars>
                <org.csanchez.jenkins.plugins.kubernetes.model.KeyValueEnvVar><key>A</key><value>&lt;b&gt;</value></org.csanchez.jenkins.plugins.kubernetes.model.KeyValueEnvVar>
              </envVars>
            </org.csanchez.jenkins.plugins.kubernetes.ContainerTemplate>
          </containers>
          <annotations/>
          <yamls>
            <string>spec:
  hostPID: &quot;true&quot;
  hostIPC: true</string>
          </yamls>
          <yamlMergeStrategy class=\"org.csanchez.jenkins.plugins.kubernetes.pod.yaml.Overrides\"/>
          <workspaceVolume class=\"org.csanchez.jenkins.plugins.kubernetes.volumes.workspace.HostPathWorkspaceVolume\">
            <hostPath>/ws</hostPath>
          </workspaceVolume>
        </org.csanchez.jenkins.plugins.kubernetes.PodTemplate>
        <org.csanchez.jenkins.plugins.kubernetes.PodTemplate>
          <name>child</name>
          <inheritFrom>base</inheritFrom>
          <yaml><![CDATA[spec: {shareProcessNamespace: true}]]></yaml>
        </org.csanchez.jenkins.plugins.kubernetes.PodTemplate>
      </templates>
    </org.csanchez.jenkins.plugins.kubernetes.KubernetesCloud>
  </clouds>
</hudson>
";

#[test]
fn the_controllers_own_file_has_the_same_templates() {
    let found = read_file("config.xml", XML);
    assert_eq!(reasons(&found), Vec::<String>::new());
    let [base, child] = found.subjects.as_slice() else { panic!("{} pods", found.subjects.len()) };
    let pod = spec(base);
    let a = &pod["containers"][0];
    assert_eq!(a["env"], json!([{"name": "A", "value": "<b>"}]));
    assert_eq!(a["securityContext"], json!({"privileged": true}));
    assert_eq!(a["volumeMounts"][0], json!({"name": "volume-0", "mountPath": "/s", "readOnly": false}));
    assert_eq!(
        pod["volumes"],
        json!([
            {"name": "volume-0", "hostPath": {"path": "/var/run/docker.sock"}},
            {"name": "workspace-volume", "hostPath": {"path": "/ws"}},
        ])
    );
    assert_eq!((&pod["hostNetwork"], &pod["hostIPC"]), (&json!(true), &json!(true)));
    assert_eq!(written(base, "/spec/volumes/0/hostPath/path"), "/var/run&#x2f;docker.sock");
    assert_eq!(written(base, "/spec/hostIPC"), "true");
    assert_eq!(written(base, "/spec/containers/0/securityContext/privileged"), "true");
    let child_pod = spec(child);
    assert_eq!(child_pod["shareProcessNamespace"], json!(true));
    assert_eq!(child_pod["containers"][0]["securityContext"], json!({"privileged": true}));
    assert_eq!(written(child, "/spec/shareProcessNamespace"), "true");
    assert_eq!((child.entry.object.name.as_str(), child.entry.object.namespace.as_str()), ("child", "ci"));
}

#[test]
fn xml_brings_nothing_from_elsewhere() {
    let first = |text: &str| {
        let error =
            crate::document::read_as(None, "config.xml", text, &crate::document::Limits::default()).remove(0);
        error.map(|_| ()).map_err(|error| error.to_string())
    };
    let types = "not valid XML: document types are not read, nor their entities";
    assert_eq!(
        first("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
        Err(types.to_owned())
    );
    assert!(first("<a>&b;</a>").unwrap_err().starts_with("not valid XML: "));
    assert!(first("<a><b></a>").unwrap_err().starts_with("not valid XML: "));
    // What is repeated of the text stays on its line.
    assert_eq!(first("<a\u{1}>"), Err("not valid XML: expected a whitespace not `\\u{1}`".to_owned()));
    assert!(
        first(&format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000)))
            .unwrap_err()
            .contains("too deep")
    );
    // What stands in comments and texts is no element.
    let open = "<a>".repeat(200);
    assert_eq!(
        first(&format!("<b><!--{open}--><![CDATA[{open}]]><c d='{}'/></b>", "&lt;a>".repeat(200))),
        Ok(())
    );
    // Each is compared with all others.
    let attributes =
        |many: usize| format!("<a {}/>", (0..many).map(|at| format!("a{at}='' ")).collect::<String>());
    assert_eq!(
        (first(&attributes(1_000)), first(&attributes(20_000))),
        (Ok(()), Err("too many attributes or namespaces".to_owned()))
    );
    // The place is that of what is wrong.
    let place = |text: &str| {
        let error = crate::document::read_as(
            Some(crate::document::Format::Xml),
            "x",
            text,
            &crate::document::Limits::default(),
        )
        .remove(0);
        let at = error.unwrap_err().span(crate::position::PositionEncoding::Utf8).start;
        (at.line, at.column)
    };
    assert_eq!(place("<?xml version='1.0'?>\n<!-- <!DOCTYPE a> -->\n <!DOCTYPE a []>\n<a/>"), (3, 2));
    assert_eq!(place("<a>\n<b>\n"), (3, 1));
    assert_eq!(place("no xml"), (1, 1));
    let none = read_file("config.xml", "<project><builders/></project>");
    assert_eq!(reasons(&none), [" XML in which there is no cloud of Jenkins' Kubernetes plugin"]);
}

/// A job whose pipeline is written as it is given.
fn job(script: &str) -> String {
    format!(
        "<?xml version='1.1' encoding='UTF-8'?>
<flow-definition plugin=\"workflow-job@1400\">
  <definition class=\"org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition\" plugin=\"workflow-cps@3894\">
    <script>{script}</script>
    <sandbox>true</sandbox>
  </definition>
</flow-definition>
"
    )
}

const SCRIPT: &str = "podTemplate(yaml: &quot;&quot;&quot;
spec:
  hostIPC: true
  containers:
  - {name: a, image: &apos;a:1&apos;}
&quot;&quot;&quot;, containers: [containerTemplate(name: &apos;b&apos;, image: &apos;b:1&apos;, privileged: true)],
  volumes: [hostPathVolume(hostPath: &apos;/var/run&#x2f;docker.sock&apos;, mountPath: &apos;/s&apos;)]) {
  node(POD_LABEL) { container(&apos;a&apos;) { sh &apos;make &lt; a &amp;&amp; make test&apos; } }
}";

#[test]
fn the_pipeline_of_a_job_is_judged_where_it_stands() {
    let found = read_file("config.xml", &job(SCRIPT));
    assert_eq!(reasons(&found), Vec::<String>::new());
    let [subject] = found.subjects.as_slice() else { panic!("{} pods", found.subjects.len()) };
    let pod = spec(subject);
    assert_eq!(pod["hostIPC"], json!(true));
    assert_eq!(pod["volumes"][0]["hostPath"]["path"], json!("/var/run/docker.sock"));
    assert_eq!(pod["containers"][0]["args"], json!(["make < a && make test\n"]));
    assert_eq!(written(subject, "/spec/hostIPC"), "true");
    assert_eq!(written(subject, "/spec/containers/0/image"), "&apos;a:1&apos;");
    assert_eq!(written(subject, "/spec/volumes/0/hostPath/path"), "&apos;/var/run&#x2f;docker.sock&apos;");
    assert_eq!(written(subject, "/spec/containers/0/args/0"), "&apos;make &lt; a &amp;&amp; make test&apos;");
    assert_eq!(written(subject, "/spec/containers/1/securityContext/privileged"), "true");
    assert_eq!(subject.entry.object.pointer, "/flow-definition/definition/script/podTemplate");
    let verbatim = job(&format!("<![CDATA[{}]]>", SCRIPT.replace("&quot;", "\"").replace("&apos;", "'")));
    let found = read_file("config.xml", &verbatim);
    assert_eq!(written(&found.subjects[0], "/spec/hostIPC"), "true");
}

#[test]
fn what_a_job_has_elsewhere_or_wrong_is_told() {
    let said = |text: &str| {
        let found = read_file("config.xml", text);
        assert!(found.subjects.is_empty(), "{text}");
        reasons(&found)
    };
    let at = "/flow-definition/definition";
    assert_eq!(
        said(&job("node(&apos;linux&apos;) { echo &apos;make&apos; }")),
        [format!(
            "{at}/script/node `node('linux')` runs on an agent that only the controller's settings describe"
        )]
    );
    assert_eq!(
        said(&job("echo &apos;x&apos;")),
        [format!("{at}/script Groovy in which nothing asks for a pod")]
    );
    let broken = job("podTemplate(\n  yaml: &quot;x");
    let found = read_file("config.xml", &broken);
    assert!(
        reasons(&found)[0].starts_with(&format!("{at}/script the pipeline of the job: not valid Groovy: "))
    );
    assert!(found.not_evaluated[0].cause.is_error());
    assert_eq!(found.not_evaluated[0].span.as_ref().map(|span| span.start.line), Some(5));
    let class = "org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition";
    let elsewhere = job("x").replace("org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition", class);
    let elsewhere = elsewhere.replace("<script>x</script>", "<scriptPath>ci/Jenkinsfile</scriptPath>");
    assert_eq!(
        said(&elsewhere),
        [format!(
            "{at}/scriptPath `scriptPath` refers to `ci/Jenkinsfile`: what that brings is judged in its own file alone"
        )]
    );
    // A step may run Groovy that is no pipeline.
    let step = "<project><builders><Groovy><script>podTemplate {}</script></Groovy></builders></project>";
    assert_eq!(
        said(step),
        [
            "/project/builders/Groovy/script a script that may ask for pods: give it in a file of its own to have it judged"
        ]
    );
}

#[test]
fn texts_of_xml_have_their_places_in_however_many_pieces() {
    let cloud = |version: &str, more: &str, yaml: &str| {
        let template = format!("<org.x.PodTemplate><name>n</name><yaml>{yaml}</yaml></org.x.PodTemplate>");
        format!(
            "<?xml version='{version}'?>\n<a>{more}<org.x.KubernetesCloud><templates>{template}</templates></org.x.KubernetesCloud></a>"
        )
    };
    let controls = "<b c='&#x1b;'>&#x1b;&#27;&#x1;&#1;&#x001F;</b>";
    for (more, yaml) in [
        ("", "spec:\n  hostPID: true\n"),
        ("", "<![CDATA[spec:\n  hostPID: true\n]]>"),
        ("", "spec:\n<![CDATA[  hostPID: ]]>true\n"),
        ("", "<!-- a -->sp<!-- </yaml> -->ec:\r\n<?b c?>  hostPID: true\n"),
        (controls, "spec:\n  hostPID: true\n"),
    ] {
        let text = cloud("1.1", more, yaml);
        let found = read_file("config.xml", &text);
        assert_eq!(reasons(&found), Vec::<String>::new(), "{text}");
        assert_eq!(spec(&found.subjects[0])["hostPID"], json!(true), "{text}");
        assert_eq!(written(&found.subjects[0], "/spec/hostPID"), "true", "{text}");
    }
    let read = |text: &str| {
        let limits = crate::document::Limits::default();
        crate::document::read_as(None, "config.xml", text, &limits)
            .remove(0)
            .map_err(|error| error.to_string())
    };
    let document = read(&cloud("1.1", controls, "")).unwrap();
    assert_eq!(document.get("/a/b/#text").unwrap().as_str(), Some("\u{1b}\u{1b}\u{1}\u{1}\u{1f}"));
    assert_eq!(document.get("/a/b/@c").unwrap().as_str(), Some("\u{1b}"));
    // XML 1.0 has no such references, and no version has that to nothing.
    for (version, reference) in [("1.0", "&#x1b;"), ("1.1", "&#0;"), ("1.1", "&#x;")] {
        assert!(read(&cloud(version, reference, "")).is_err(), "{version} {reference}");
    }
}

#[test]
fn a_class_may_be_said_of_an_element_of_another_name() {
    let mut text = XML.to_owned();
    for class in [
        "KubernetesCloud",
        "PodTemplate",
        "ContainerTemplate",
        "volumes.HostPathVolume",
        "model.KeyValueEnvVar",
    ] {
        let class = format!("org.csanchez.jenkins.plugins.kubernetes.{class}");
        let begin = |end: char| (format!("<{class}{end}"), format!("<v class='{class}'{end}"));
        for (old, new) in [begin('>'), begin(' '), (format!("</{class}>"), "</v>".to_owned())] {
            text = text.replace(&old, &new);
        }
    }
    let (found, plain) = (read_file("config.xml", &text), read_file("config.xml", XML));
    assert_eq!(reasons(&found), Vec::<String>::new());
    let specs = |found: &crate::subject::Subjects| found.subjects.iter().map(spec).collect::<Vec<_>>();
    assert_eq!(specs(&found), specs(&plain));
    assert_eq!(written(&found.subjects[0], "/spec/containers/0/securityContext/privileged"), "true");
}

#[test]
fn agents_of_a_cloud_of_docker_are_containers_of_its_daemon() {
    let base = "<dockerTemplateBase><image>i</image><volumes><string>/:/h</string></volumes>\
                <privileged>true</privileged></dockerTemplateBase>";
    let xml = format!(
        "<hudson><clouds><com.nirima.jenkins.plugins.docker.DockerCloud plugin=\"docker-plugin@1\"><templates>\
         <com.nirima.jenkins.plugins.docker.DockerTemplate>{base}</com.nirima.jenkins.plugins.docker.DockerTemplate>\
         </templates></com.nirima.jenkins.plugins.docker.DockerCloud></clouds></hudson>"
    );
    let found = read_file("config.xml", &xml);
    let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
    let wanted = json!({
        "volumes": [{"name": "v0", "hostPath": {"path": "/"}}],
        "containers": [{
            "name": "docker", "image": "i", "securityContext": {"privileged": true},
            "volumeMounts": [{"name": "v0", "mountPath": "/h"}],
        }],
    });
    assert_eq!(spec(subject), wanted);
    assert_eq!(written(subject, "/spec/volumes/0/hostPath/path"), "/:/h");
}

#[test]
fn what_the_steps_of_a_job_run_is_judged_as_on_any_agent() {
    let job = |builders: &str, more: &str| {
        format!("<?xml version='1.1'?>\n<project>{more}<builders>{builders}</builders></project>")
    };
    let shell = |text: &str| format!("<hudson.tasks.Shell><command>{text}</command></hudson.tasks.Shell>");
    let any =
        |at: &str| format!("{at} the job runs on an agent that only the controller's settings describe");
    let read = |text: &str| {
        let found = read_file("config.xml", text);
        let [subject] = found.subjects.as_slice() else { panic!("{text}: {found:#?}") };
        let own = (spec(subject), subject.entry.partial, subject.entry.object.kind.clone());
        assert!(own.1, "{text}");
        assert_eq!(own.2, "JenkinsJob", "{text}");
        (own.0, reasons(&found))
    };
    let steps = |scripts: &[&str]| json!({"containers": [{"name": "steps", "args": scripts}]});
    let first = "/project/builders/hudson.tasks.Shell/command";
    let both = format!("{}{}", shell("docker run --privileged x &amp;&amp; a"), shell("b\nc"));
    assert_eq!(
        read(&job(&both, "")),
        (steps(&["docker run --privileged x && a\n", "b\nc\n"]), vec![any(first)])
    );
    let found = read_file("config.xml", &job(&both, ""));
    assert_eq!(written(&found.subjects[0], "/spec/containers/0/args/1"), "b\nc");
    let node = "<assignedNode>linux</assignedNode><canRoam>false</canRoam>";
    let told = "/project/assignedNode `assignedNode` `linux` is an agent that only the controller's settings describe";
    assert_eq!(read(&job(&shell("a b"), node)), (steps(&["a b\n"]), vec![told.to_owned()]));
    // Below other steps, by a class that is said of it, and of other shells.
    for (builders, wanted) in [
        (format!("<c.ConditionalBuilder><w>{}</w></c.ConditionalBuilder>", shell("a b")), "a b\n"),
        ("<b class='hudson.tasks.Shell' plugin='x'><command c='d'>a b</command></b>".to_owned(), "a b\n"),
        ("<hudson.tasks.BatchFile><command>a ^\nb</command></hudson.tasks.BatchFile>".to_owned(), "a  b\n"),
    ] {
        assert_eq!(read(&job(&builders, "")).0, steps(&[wanted]), "{builders}");
    }
    let manifest = "kubectl apply -f - &lt;&lt;E\n{kind: Pod, apiVersion: v1, spec: {hostPID: true, containers: [{name: a}]}}\nE";
    let found = read_file("config.xml", &job(&shell(manifest), ""));
    assert_eq!((found.subjects.len(), spec(&found.subjects[0])["hostPID"].clone()), (2, json!(true)));
    // Other steps run no shell, and an empty one nothing.
    for none in [
        "<hudson.tasks.Maven><command>a</command></hudson.tasks.Maven>".to_owned(),
        shell(" "),
        shell("<a/>"),
    ] {
        let found = read_file("config.xml", &job(&none, ""));
        assert_eq!(
            reasons(&found),
            [" XML in which there is no cloud of Jenkins' Kubernetes plugin"],
            "{none}"
        );
    }
}

#[test]
fn templates_in_properties_of_a_job_are_judged() {
    let template = "<org.csanchez.jenkins.plugins.kubernetes.PodTemplate><hostNetwork>true</hostNetwork>\
                    </org.csanchez.jenkins.plugins.kubernetes.PodTemplate>";
    for root in ["project", "flow-definition"] {
        let xml = format!(
            "<{root}><properties><a.Property><templates>{template}</templates></a.Property></properties></{root}>"
        );
        let found = read_file("config.xml", &xml);
        let [subject] = found.subjects.as_slice() else { panic!("{found:#?}") };
        assert_eq!(spec(subject)["hostNetwork"], json!(true), "{xml}");
    }
}
