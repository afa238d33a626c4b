//! Manifests that stand in a script: what it hands to kubectl between `<<EOF` and `EOF`.

use super::super::part::Part;

/// Those of a script, each with the place of the whole script.
pub(super) fn manifests(script: &Part) -> Vec<Part> {
    let text = script.as_str().filter(|text| text.contains("<<") && text.contains("kubectl"));
    let mut lines = text.unwrap_or_default().lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let Some(end) = mark(line) else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != end).collect();
        if line.contains("kubectl") {
            found.push(Part::text(&format!("{}\n", body.join("\n")), &script.pointer));
        }
    }
    found
}

/// The word that ends what a line begins to hand over.
fn mark(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("<<")?;
    let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start().trim_start_matches(['"', '\'', '\\']);
    let word = rest.split(|one: char| !one.is_alphanumeric() && one != '_').next()?;
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::super::super::part::Part;
    use super::manifests;

    fn texts(script: &str) -> Vec<String> {
        manifests(&Part::text(script, "/s")).iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn what_kubectl_reads_is_found() {
        for begin in [
            "kubectl apply -f - <<EOF",
            "cat <<'EOF' | kubectl create -f -",
            "  kubectl apply -f- <<-\"EOF\"",
            "kubectl apply -f - << EOF",
        ] {
            assert_eq!(
                texts(&format!("a\n{begin}\nkind: Pod\nb: c\nEOF\nd\n")),
                ["kind: Pod\nb: c\n"],
                "{begin}"
            );
        }
        assert_eq!(texts("kubectl apply -f - <<A\na\nA\nkubectl apply -f - <<B\nb\nB"), ["a\n", "b\n"]);
        assert_eq!(texts("kubectl apply -f - <<A\na"), ["a\n"]);
    }

    #[test]
    fn other_texts_are_not() {
        assert_eq!(texts("cat > kubectl.yaml\ncat <<EOF > a\nkubectl\nEOF\n"), [""; 0]);
        assert_eq!(texts("kubectl get pods\necho $((1 << 2))\n"), [""; 0]);
        assert_eq!(texts("cat <<EOF\nkind: Pod\nEOF"), [""; 0]);
    }
}
