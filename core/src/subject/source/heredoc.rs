//! Manifests that stand in a script: what it hands to kubectl between `<<EOF` and `EOF`, as a shell ends it.

use std::collections::HashMap;

use super::super::part::Part;

/// Whether a script may hold some.
pub(super) fn may_hold(script: &Part) -> bool {
    script.as_str().is_some_and(|text| text.contains("<<") && text.split(is_blank).any(is_client))
}

fn is_blank(one: char) -> bool {
    one.is_whitespace() || matches!(one, '|' | ';' | '&' | '(')
}

fn is_client(word: &str) -> bool {
    word.ends_with("kubectl") || word.rsplit('/').next() == Some("oc")
}

/// Those of a script, each with the place of the whole script.
pub(super) fn manifests(script: &Part) -> Vec<Part> {
    let lines: Vec<&str> = script.as_str().unwrap_or_default().lines().collect();
    // Where a line stands the last time: what has no end further on is not begun.
    let place = |strip: fn(&str) -> &str| -> HashMap<&str, usize> {
        lines.iter().enumerate().map(|(at, line)| (strip(line), at)).collect()
    };
    let (ends, indented) = (place(as_is), place(without_tabs));
    let (mut at, mut found) = (0, Vec::new());
    while at < lines.len() {
        let goes_on = |line: &&&str| line.ends_with('\\');
        let rest = lines.get(at..).unwrap_or_default();
        let length = 1 + rest.iter().take_while(goes_on).count();
        let command = rest.get(..length).unwrap_or(rest);
        at += command.len();
        if command.first().is_some_and(|line| line.trim_start().starts_with('#')) {
            continue;
        }
        let Some((end, tabs)) = command.iter().find_map(|line| mark(line)) else { continue };
        let (ends, strip): (_, fn(&str) -> &str) =
            if tabs { (&indented, without_tabs) } else { (&ends, as_is) };
        let is_handed_over = command.iter().flat_map(|line| line.split(is_blank)).any(is_client);
        if !is_handed_over && ends.get(end).is_none_or(|last| *last < at) {
            continue;
        }
        let rest = lines.get(at..).unwrap_or_default();
        let body: Vec<&str> = rest.iter().copied().take_while(|line| strip(line) != end).collect();
        at += body.len() + 1;
        if is_handed_over {
            found.push(Part::text(&format!("{}\n", body.join("\n")), &script.pointer));
        }
    }
    found
}

fn as_is(line: &str) -> &str {
    line.trim_end()
}

fn without_tabs(line: &str) -> &str {
    line.trim_start_matches('\t').trim_end()
}

/// The word that ends what a line begins to hand over, and whether tabs may stand before it.
fn mark(line: &str) -> Option<(&str, bool)> {
    line.match_indices("<<").find_map(|(at, _)| {
        let rest = line.get(at + 2..).filter(|_| !line.get(..at).unwrap_or_default().ends_with('<'))?;
        let (rest, tabs) = rest.strip_prefix('-').map_or((rest, false), |rest| (rest, true));
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|one| matches!(one, '"' | '\''));
        let word = match quote {
            Some(quote) => rest.get(1..)?.split(quote).next()?,
            None => {
                let ends =
                    |one: char| one.is_whitespace() || matches!(one, ';' | '|' | '&' | '<' | '>' | '(' | ')');
                rest.trim_start_matches('\\').split(ends).next()?
            }
        };
        // A shift has a number behind it, and a text in one line follows three marks.
        let begins = word.chars().next()?;
        (!begins.is_ascii_digit()).then_some((word, tabs))
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::part::Part;
    use super::{manifests, may_hold};

    fn texts(script: &str) -> Vec<String> {
        let script = Part::text(script, "/s");
        let found = if may_hold(&script) { manifests(&script) } else { Vec::new() };
        found.iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn what_kubectl_reads_is_found() {
        for begin in [
            "kubectl apply -f - <<EOF",
            "cat <<'EOF' | kubectl create -f -",
            "  kubectl apply -f- <<-\"EOF\"",
            "kubectl apply -f - << EOF",
            "kubectl apply -f - <<\\EOF",
            "kubectl apply \\\n  -f - <<EOF",
            "cat <<EOF | \\\n  kubectl apply -f -",
            "(cat <<EOF|./kubectl apply -f -)",
            "oc apply -f - <<EOF",
            "x=$((1 << n)); y=$((1<<2))\n# merge <<x\nkubectl apply -f - <<EOF",
        ] {
            assert_eq!(
                texts(&format!("a\n{begin}\nkind: Pod\nb: c\nEOF\nd\n")),
                ["kind: Pod\nb: c\n"],
                "{begin}"
            );
        }
        assert_eq!(texts("kubectl apply -f - <<A\na\nA\nkubectl apply -f - <<B\nb\nB"), ["a\n", "b\n"]);
        assert_eq!(texts("kubectl apply -f - <<A\na"), ["a\n"]);
        assert_eq!(texts("kubectl apply -f - <<'E-O-F'\na\nE-O-F\nb"), ["a\n"]);
    }

    #[test]
    fn a_shell_ends_it_at_the_word_alone() {
        assert_eq!(texts("kubectl apply -f - <<E\na\n  E\nb\nE\n"), ["a\n  E\nb\n"]);
        assert_eq!(texts("kubectl apply -f - <<-E\na\n\tE\nb\n"), ["a\n"]);
    }

    #[test]
    fn other_texts_are_not() {
        assert_eq!(texts("cat > kubectl.yaml\ncat <<EOF > a\nkubectl\nEOF\n"), [""; 0]);
        assert_eq!(texts("kubectl get pods\necho $((1 << 2))\n"), [""; 0]);
        assert_eq!(texts("cat <<EOF\nkind: Pod\nEOF"), [""; 0]);
        assert_eq!(texts("kubectl get pods <<< x\na\n"), [""; 0]);
    }
}
