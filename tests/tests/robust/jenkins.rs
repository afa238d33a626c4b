//! Jenkins: pipelines, templates of the controller, XML.

use super::{Case, MANY, few, many, some};

pub(super) fn cases() -> Vec<Case> {
    let casc =
        |template: &str| format!("jenkins: {{clouds: [{{kubernetes: {{templates: [{template}]}}}}]}}\n");
    let xml = |template: &str| {
        let cloud = "org.csanchez.jenkins.plugins.kubernetes.KubernetesCloud";
        let of = "org.csanchez.jenkins.plugins.kubernetes.PodTemplate";
        format!(
            "<hudson><clouds><{cloud}><templates><{of}>{template}</{of}></templates></{cloud}></clouds></hudson>"
        )
    };
    vec![
        (
            "Jenkinsfile",
            format!(
                "podTemplate(nodeSelector: '{}') {{ node(POD_LABEL) {{}} }}",
                many(&|at| format!("k{at}=a,"))
            ),
            1,
            0,
        ),
        (
            "Jenkinsfile",
            format!(
                "podTemplate(annotations: [{}]) {{ node(POD_LABEL) {{}} }}",
                many(&|at| format!("podAnnotation(key: 'k{at}', value: 'a'),\n"))
            ),
            1,
            0,
        ),
        (
            "Jenkinsfile",
            format!(
                "podTemplate(hostNetwork: true) {{ node(POD_LABEL) {{}} }}\ndef a = x {}",
                "as A < b ".repeat(MANY)
            ),
            1,
            0,
        ),
        (
            "jenkins.yaml",
            casc(&format!("{{name: a}}, {{name: b, inheritFrom: '{}'}}", "a ".repeat(MANY))),
            2,
            0,
        ),
        (
            "jenkins.yaml",
            casc(&format!("{{name: a, inheritFrom: '{}'}}", many(&|at| format!("x{at} ")))),
            1,
            1,
        ),
        ("config.xml", xml(&format!("<name>a</name>{}", many(&|at| format!("<f{at}>a</f{at}>")))), 1, 0),
        ("config.xml", format!("{}{}", "<a>".repeat(1_000_000), "</a>".repeat(1_000_000)), 0, 1),
        (
            "config.xml",
            format!("<a>{}{}</a>", "<!--<a>-->".repeat(MANY), "<![CDATA[<a>]]>".repeat(MANY)),
            0,
            1,
        ),
        ("config.xml", format!("<a {}/>", many(&|at| format!("a{at}='' "))), 0, 1),
        (
            "config.xml",
            format!(
                "{}{}",
                (0..100)
                    .map(|at| format!(
                        "<a {}>",
                        (0..200).map(|own| format!("xmlns:n{at}x{own}='a' ")).collect::<String>()
                    ))
                    .collect::<String>(),
                "</a>".repeat(100)
            ),
            0,
            1,
        ),
        ("Jenkinsfile", format!("podTemplate {{}}\n{}{}", "a".repeat(100_000), "()".repeat(20_000)), 1, 1),
        (
            "Jenkinsfile",
            format!("podTemplate {{}}\n[{}]{}", "1, ".repeat(100_000), ".a()".repeat(20_000)),
            1,
            0,
        ),
        (
            "jenkins.yaml",
            casc(&format!(
                "{{name: base, volumes: [{}]}}, {}",
                few(&|at| format!("{{emptyDirVolume: {{mountPath: /v{at}}}}}, ")),
                some(&|at| format!("{{name: t{at}, inheritFrom: base}}, "))
            )),
            198,
            1,
        ),
        (
            "Jenkinsfile",
            format!(
                "podTemplate(yaml: \"\"\"spec: {{containers: [{}]}}\"\"\") {{ node(POD_LABEL) {{}} }}",
                some(&|at| format!("{{name: c{at}, image: ${{x}}}}, "))
            ),
            1,
            0,
        ),
        (
            "Jenkinsfile",
            format!(
                "podTemplate {{ node(POD_LABEL) {{ echo \"{}\" }} }}",
                many(&|_| "${sh('a')}".to_owned())
            ),
            1,
            0,
        ),
        (
            "Jenkinsfile",
            format!(
                "podTemplate(hostNetwork: true)\n{{ node(POD_LABEL)\n{{ {} }} }}",
                many(&|_| "a()\n\n{}\n".to_owned())
            ),
            1,
            1,
        ),
        (
            "Jenkinsfile",
            (0..15).fold(format!("{}b )", "a + ".repeat(500)), |inner, _| format!("\"${{{inner}}}\"")),
            0,
            1,
        ),
    ]
}
