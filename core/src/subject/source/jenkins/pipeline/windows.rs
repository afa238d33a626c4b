//! Scripts of Windows' shells as a POSIX shell would have them, line by line: what runs the same programs is judged
//! alike.

use super::super::super::super::part::Part;

/// A script of a shell with its own way to go on in the next line, to comment and to name variables.
pub(in super::super) fn as_posix(shell: &str, script: Part) -> Part {
    let Some(text) = script.as_str() else { return script };
    let text = match shell {
        "bat" => batch(text),
        "powershell" | "pwsh" => power(text),
        _ => return script,
    };
    Part::text(&text, &script.pointer)
}

/// A script of `cmd`: `^` goes on in the next line, `%A%` is a variable.
fn batch(text: &str) -> String {
    joined(
        text,
        '^',
        |line| is_remark(line.trim_start().trim_start_matches('@')),
        |line| {
            let command = line.trim_start().trim_start_matches('@');
            if is_remark(command) {
                return String::new();
            }
            let mut own = String::with_capacity(line.len());
            let mut rest = line;
            while let Some((before, behind)) = rest.split_once('%') {
                own.push_str(before);
                match behind.split_once('%').filter(|(name, _)| is_name(name)) {
                    Some((name, behind)) => {
                        own.extend(["${", name, "}"]);
                        rest = behind;
                    }
                    None => {
                        own.push('%');
                        rest = behind;
                    }
                }
            }
            own.push_str(rest);
            own.replace('^', "")
        },
    )
}

/// A script of PowerShell: a backquote goes on in the next line and escapes, `$a = …` and `$env:A = …` set a variable.
fn power(text: &str) -> String {
    let mut own = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = around_comment(rest) {
        own.push_str(before);
        rest = behind;
    }
    own.push_str(rest);
    joined(&own, '`', has_comment, |line| {
        // Escaped quotes are none, and a backquote runs nothing.
        let line = line.replace("`\"", "").replace("`'", "").replace('`', "");
        let line = ["$env:", "$Env:", "$ENV:"].iter().fold(line, |line, prefix| line.replace(prefix, "$"));
        let line = line.replace("${env:", "${");
        let set = line.trim_start().strip_prefix('$').and_then(|own| own.split_once('='));
        match set.filter(|(name, value)| is_name(name.trim_end()) && !value.starts_with('=')) {
            Some((name, value)) => format!("export {}={}", name.trim_end(), value.trim_start()),
            None => line,
        }
    })
}

fn is_remark(command: &str) -> bool {
    let word = command.split_whitespace().next().unwrap_or_default();
    command.starts_with("::") || word.eq_ignore_ascii_case("rem")
}

/// Whether a line of PowerShell ends in a comment.
fn has_comment(line: &str) -> bool {
    let (mut quote, mut before) = (None, ' ');
    for one in line.chars() {
        match quote {
            Some(open) if one == open => quote = None,
            None if matches!(one, '"' | '\'') => quote = Some(one),
            None if one == '#' && before.is_whitespace() => return true,
            _ => {}
        }
        before = one;
    }
    false
}

/// What stands before and behind the first comment between `<#` and `#>`. In quotes there is none.
fn around_comment(text: &str) -> Option<(&str, &str)> {
    let (before, inside) = text.split_once("<#")?;
    let line = before.lines().next_back().unwrap_or_default();
    let is_quoted = ['"', '\''].iter().any(|quote| !line.matches(*quote).count().is_multiple_of(2));
    let (_, behind) = inside.split_once("#>")?;
    (!is_quoted).then_some((before, behind))
}

/// The lines of a text, of which one goes on where it ends with an odd number of marks, unless these are a comment's.
fn joined(
    text: &str,
    mark: char,
    is_comment: impl Fn(&str) -> bool,
    read: impl Fn(&str) -> String,
) -> String {
    let mut own = String::with_capacity(text.len());
    let mut whole = String::new();
    for line in text.lines() {
        let trimmed = line.trim_end();
        let marks = trimmed.len() - trimmed.trim_end_matches(mark).len();
        match trimmed.strip_suffix(mark).filter(|_| marks % 2 == 1 && !is_comment(line)) {
            Some(begun) => whole.extend([begun, " "]),
            None => {
                whole.push_str(line);
                own.extend([read(&whole).as_str(), "\n"]);
                whole.clear();
            }
        }
    }
    own.push_str(&read(&whole));
    own.truncate(own.trim_end_matches('\n').len());
    own
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::super::super::super::super::part::Part;
    use super::as_posix;

    fn read(shell: &str, text: &str) -> String {
        as_posix(shell, Part::text(text, "")).as_str().unwrap().to_owned()
    }

    #[test]
    fn lines_go_on_behind_the_mark_of_their_shell() {
        for (shell, text, wanted) in [
            (
                "bat",
                "docker run ^\r\n  --privileged ^\n x\necho a\n",
                "docker run    --privileged   x\necho a",
            ),
            ("powershell", "docker run `\n  --privileged x", "docker run    --privileged x"),
            ("pwsh", "docker run \\\n x", "docker run \\\n x"),
            ("sh", "a ^\n b `c`\n%A% <# x #>\n", "a ^\n b `c`\n%A% <# x #>\n"),
            ("bat", "a ^", "a"),
            ("bat", "echo a ^^\ndocker run x\nrem a ^\nb", "echo a \ndocker run x\n\nb"),
            ("pwsh", "# a `b`\ndocker run x # `\nc '# `\n' `\nd", "# a b\ndocker run x # \nc '#  '  d"),
        ] {
            assert_eq!(read(shell, text).trim_end(), wanted.trim_end(), "{text}");
        }
    }

    #[test]
    fn variables_and_comments_are_those_of_a_posix_shell() {
        for (shell, text, wanted) in [
            (
                "bat",
                "set A=b\ndocker run %A% 100%% %x y% %\nrem docker\n@REM x\n::y\nremote",
                "set A=b\ndocker run ${A} 100%% %x y% %\n\n\n\nremote",
            ),
            ("bat", "echo a ^& b", "echo a & b"),
            (
                "pwsh",
                "$env:DOCKER_HOST = 'tcp://d:2375'\n$Env:A\n${env:A}",
                "export DOCKER_HOST='tcp://d:2375'\n$A\n${A}",
            ),
            ("pwsh", "$o=\"--rm\"\nif ($a == 1) {}\n$a == 1", "export o=\"--rm\"\nif ($a == 1) {}\n$a == 1"),
            ("powershell", "<# docker\nrun #>a <# b", "a <# b"),
            ("powershell", "Write-Host \"<#\"\ndocker run x", "Write-Host \"<#\"\ndocker run x"),
            ("powershell", "echo \"a `\"b`$c`\"\"", "echo \"a b$c\""),
        ] {
            assert_eq!(read(shell, text), wanted, "{text}");
        }
    }
}
