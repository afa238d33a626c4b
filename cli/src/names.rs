//! Names as Kubernetes has them (RFC 1123).

/// Whether a text is a label of DNS, as names of namespaces and Services are.
pub(crate) fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(is_inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Whether a text is a subdomain of DNS, as names of most objects are.
pub(crate) fn is_subdomain(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(is_inner) && !part.starts_with('-') && !part.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_part)
}

const fn is_inner(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_held_to_their_form() {
        let longest = "a".repeat(63);
        assert!(["a", "a-1", "1", &longest].into_iter().all(is_label));
        assert!(!["", "-a", "a-", "A", "a.b", "a/b", "ä", &format!("{longest}a")].into_iter().any(is_label));
        let most = format!("{}a", "a.".repeat(126));
        assert!(["a", "a.b-1.2", &format!("{longest}a"), &most].into_iter().all(is_subdomain));
        let wrong = ["", ".a", "a.", "a..b", "a.-b", "a-.b", "A", "a/b", "a_b", &format!("{most}a")];
        assert!(!wrong.into_iter().any(is_subdomain));
    }
}
