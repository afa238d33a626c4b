use serde_json::{Value, json};

use super::super::super::testing::{notes, read, read_with_room_for, reasons, spec, written};

/// The container of a job on a runner of one's own, whose variables, and whose steps, these are.
fn container(around: &str, job: &str, steps: &str) -> Value {
    let text =
        format!("on: push\nenv: {around}\njobs: {{a: {{runs-on: own, env: {job}, steps: [{steps}]}}}}\n");
    spec(&read(&text).subjects[0])["containers"][0].clone()
}

#[test]
fn variables_that_the_file_gives_a_value_are_filled_into_scripts() {
    let run = "{run: 'docker run ${{ env.O }} x'}";
    for (around, job, steps, script) in [
        ("{O: --privileged}", "{}", run, "docker run --privileged x"),
        ("{}", "{O: --privileged}", run, "docker run --privileged x"),
        (
            "{}",
            "{}",
            "{env: {O: --pid=host}, run: \"a${{ENV['O']}}b ${{ env.O }}\"}",
            "a--pid=hostb --pid=host",
        ),
        ("{O: a}", "{O: b}", "{env: {O: c}, run: '${{ env.O }}'}", "c"),
        ("{O: a}", "{}", "{env: {P: '-${{ env.O }}-'}, run: '${{ env.P }}'}", "-a-"),
        (
            "{O: 1}",
            "{}",
            "{run: '${{ env.O }} ${{ inputs.o }} ${{ env.P }}'}",
            "1 ${{ inputs.o }} ${{ env.P }}",
        ),
        // What is not known, or is no name alone, stays as it is.
        ("{O: a}", "{O: '${{ inputs.o }}'}", run, "docker run ${{ env.O }} x"),
        (
            "{O: a}",
            "{}",
            "{run: \"${{ env.O || 'b' }} ${{ xenv.O }} ${{ env.O\"}",
            "${{ env.O || 'b' }} ${{ xenv.O }} ${{ env.O",
        ),
        ("{o: a}", "{}", run, "docker run ${{ env.O }} x"),
        ("'${{ fromJSON(inputs.env) }}'", "{}", run, "docker run ${{ env.O }} x"),
    ] {
        assert_eq!(container(around, job, steps)["args"], json!([script]), "{around} {job} {steps}");
    }
    let env = container("{O: a}", "{}", "{env: {P: '${{ env.O }}'}, run: x}")["env"].clone();
    assert_eq!(env, json!([{"name": "O", "value": "a"}, {"name": "P", "value": "a"}]));
    let text = format!("on: push\nenv: {{O: a}}\njobs: {{a: {{runs-on: own, steps: [{run}]}}}}\n");
    assert_eq!(written(&read(&text).subjects[0], "/spec/containers/0/args/0"), "'docker run ${{ env.O }} x'");
    let action =
        "name: a\nruns: {using: composite, steps: [{env: {O: a}, shell: bash, run: '${{ env.O }}'}]}\n";
    assert_eq!(spec(&read(action).subjects[0])["containers"][0]["args"], json!(["a"]));
}

#[test]
fn options_of_an_action_are_filled_in_and_stay_open() {
    let filled = "whoever chooses the expression that is filled in chooses what it sets";
    let step = "{uses: addnab/docker-run-action@v3, with: {image: '${{ env.I }}', options: '${{ env.O }}', run: '${{ env.I }}'}}";
    let text = |env: &str| format!("on: push\nenv: {env}\njobs: {{a: {{runs-on: own, steps: [{step}]}}}}\n");
    let of = |env: &str| {
        let found = read(&text(env));
        let step = found.subjects.iter().find(|one| spec(one)["containers"][0]["name"] == "step").unwrap();
        let container = spec(step)["containers"][0].clone();
        // A step before it may have changed the variable.
        let open = json!([{"patch": filled}, "/jobs/a/steps/0/with/options"]);
        assert_eq!(notes(step).iter().filter(|note| **note == open).count(), 1, "{env}");
        let mut unresolved = step.entry.unresolved.clone();
        unresolved.sort();
        assert_eq!(unresolved, ["/jobs/a/steps/0/with/image", "/jobs/a/steps/0/with/options"], "{env}");
        (
            container["image"].clone(),
            container["securityContext"]["privileged"].clone(),
            container["args"].clone(),
        )
    };
    assert_eq!(of("{I: 'a:1', O: --privileged}"), (json!("a:1"), json!(true), json!(["a:1"])));
    assert_eq!(of("{X: y}"), (json!("${{ env.I }}"), json!(null), json!(["${{ env.I }}"])));
}

#[test]
fn what_is_filled_in_has_bounds() {
    let limit = "what is written once and is in many pods gives more than 500000 values: from here on no pod was judged";
    let (long, many) = ("a".repeat(10_000), "${{ env.O }} ".repeat(100));
    let text =
        format!("on: push\nenv: {{O: {long}}}\njobs: {{a: {{runs-on: own, steps: [{{run: '{many}'}}]}}}}\n");
    assert_eq!(read_with_room_for(150_000, &text).subjects.len(), 1);
    let found = read_with_room_for(100_000, &text);
    assert_eq!((found.subjects.len(), reasons(&found)), (0, vec![format!("/jobs/a/steps/0/run {limit}")]));
    // Expressions that nothing ends are looked for once.
    let open = "${{ env.O ".repeat(100_000);
    let text =
        format!("on: push\nenv: {{O: a}}\njobs: {{a: {{runs-on: own, steps: [{{run: '{open}'}}]}}}}\n");
    assert_eq!(spec(&read(&text).subjects[0])["containers"][0]["args"], json!([open]));
}

#[test]
fn long_values_are_looked_through_once() {
    let limit = "what is written once and is in many pods gives more than 500000 values: from here on no pod was judged";
    let (long, many) = ("x".repeat(1_500_000), "${{env.A}}".repeat(130_000));
    let job = |runs_on: &str| format!("{{runs-on: {runs_on}, steps: [{{run: '{many}'}}]}}");
    let text = |value: &str, job: &str| format!("on: push\nenv: {{A: {value}}}\njobs: {{a: {job}}}\n");
    for runs_on in ["own", "ubuntu-latest"] {
        let found = read(&text(&long, &job(runs_on)));
        let told = vec![format!("/jobs/a/steps/0/run {limit}")];
        assert_eq!((found.subjects.len(), reasons(&found)), (0, told), "{runs_on}");
    }
    // One that is not known is none, however often it is asked for.
    let found = read(&text(&format!("'{long}${{{{ inputs.a }}}}'"), &job("own")));
    assert_eq!(reasons(&found), [""; 0]);
    assert!(spec(&found.subjects[0])["containers"][0]["args"] == json!([many]));
    // A short one is filled in everywhere.
    let found = read(&text("ab", &job("own")));
    assert_eq!(reasons(&found), [""; 0]);
    assert!(spec(&found.subjects[0])["containers"][0]["args"] == json!(["ab".repeat(130_000)]));
}

#[test]
fn long_variables_of_many_pods_have_bounds() {
    let limit = "what is written once and is in many pods gives more than 500000 values: from here on no pod was judged";
    let jobs: String =
        (0..1000).map(|at| format!("  j{at}: {{runs-on: own, steps: [{{run: echo}}]}}\n")).collect();
    let of_jobs = |env: &str| read(&format!("on: push\nenv: {{{env}}}\njobs:\n{jobs}"));
    let images: Vec<String> = (0..1000).map(|at| at.to_string()).collect();
    let of_services = |env: &str| {
        let matrix = format!("strategy: {{matrix: {{i: [{}]}}}}", images.join(","));
        let services = format!("services: {{s: {{image: '${{{{ matrix.i }}}}', env: {{{env}}}}}}}");
        read(&format!(
            "on: push\njobs: {{a: {{runs-on: own, {matrix}, {services}, steps: [{{run: echo}}]}}}}\n"
        ))
    };
    let short: Vec<String> = (0..20).map(|at| format!("V{at}: {}", "x".repeat(200))).collect();
    assert_eq!(
        (of_jobs(&short.join(", ")).subjects.len(), of_services(&short[0]).subjects.len()),
        (1000, 1001)
    );
    // A megabyte in each of a thousand pods is as much memory as it says.
    let long = format!("A: {}", "x".repeat(1_000_000));
    for (found, at, most) in
        [(of_jobs(&long), "/jobs/j127", 127), (of_services(&long), "/jobs/a/services/s", 64)]
    {
        assert_eq!(reasons(&found), [format!("{at} {limit}")]);
        assert!((most / 2..=most).contains(&found.subjects.len()), "{}", found.subjects.len());
    }
}
