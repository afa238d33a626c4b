//! The parsers' error kinds in plain words.

use granit_parser::ErrorKind;
use jsonc_parser::ParseStringErrorKind;
use jsonc_parser::errors::ParseErrorKind;

/// What is wrong with a YAML text.
pub(super) fn yaml(kind: &ErrorKind) -> String {
    use ErrorKind as K;
    match kind {
        K::MismatchedFlowCollectionEnd { open, close } => {
            format!("`{open}` is closed by `{close}`")
        }
        K::UnclosedFlowCollection { open } => format!("`{open}` is not closed"),
        K::UnexpectedCharacter { character } => {
            format!("`{}` cannot begin a value", character.escape_default())
        }
        _ => structure(kind)
            .or_else(|| indentation(kind))
            .or_else(|| scalar(kind))
            .or_else(|| directive_or_tag(kind))
            .unwrap_or("not well-formed")
            .to_owned(),
    }
}

fn structure(kind: &ErrorKind) -> Option<&'static str> {
    use ErrorKind as K;
    Some(match kind {
        K::UnexpectedEofFlowSequence => "the list is not closed by `]`",
        K::UnexpectedEofFlowMapping | K::UnexpectedEofImplicitFlowMapping => "the map is not closed by `}`",
        K::UnexpectedEof | K::UnexpectedEofBlockSequence | K::UnexpectedEofBlockMapping => {
            "the text ends too early"
        }
        K::ExpectedDocumentStart => "expected `---` before the next document",
        K::InvalidDocumentEnd => "nothing but a comment may follow `...`",
        K::ExpectedNodeContent => "expected a value",
        K::ExpectedBlockMappingKey => "expected a key at the indentation of the keys above",
        K::ExpectedFlowMappingSeparator => "expected `,` or `}`",
        K::ExpectedFlowSequenceSeparator => "expected `,` or `]`",
        K::ExpectedBlockSequenceEntry => "expected `-` at the indentation of the items above",
        K::SimpleKeyExpected | K::InvalidSimpleKey => {
            "expected `:` after the key, which must be on one line and at most 1024 characters long"
        }
        K::MisplacedFlowCollectionEnd => "the closing bracket has no opening one",
        K::BlockEntryInFlowCollection => "`-` begins no item between brackets",
        K::BlockSequenceEntryNotAllowed => "`-` begins no item here",
        K::MappingKeyNotAllowed => "a key is not allowed here",
        K::MappingValueNotAllowed | K::InvalidColonPlacement => {
            "`:` makes no key here: quote the text if it is one"
        }
        K::FlowMappingValueAdjacentCollection => "expected a space between `:` and the bracket",
        K::InvalidMappingValueWhitespace => "expected a space after `:`",
        K::InvalidBlockEntryWhitespace => "expected a space after `-`",
        K::BomInsideDocument => "a byte order mark inside a document",
        _ => return None,
    })
}

fn indentation(kind: &ErrorKind) -> Option<&'static str> {
    use ErrorKind as K;
    Some(match kind {
        K::InvalidIndentation | K::InvalidFlowScalarIndent | K::InvalidQuotedScalarIndent => {
            "the indentation does not fit the lines above"
        }
        K::InvalidBlockScalarIndent => "a line of the block text is indented less than its first line",
        K::ZeroBlockScalarIndent => "the indentation of a block text cannot be 0",
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabAtBlockScalarStart
        | K::TabInIndentation
        | K::TabInPlainScalar => "a tab cannot indent: use spaces",
        K::ExpectedWhitespace => "expected a space",
        _ => return None,
    })
}

fn scalar(kind: &ErrorKind) -> Option<&'static str> {
    use ErrorKind as K;
    Some(match kind {
        K::UnclosedQuotedScalar => "the quote is not closed",
        K::DocumentIndicatorInQuotedScalar => "the quote is not closed before the document ends",
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => {
            "unexpected text after the closing quote"
        }
        K::UnknownQuotedScalarEscape => "unknown escape after `\\`",
        K::InvalidQuotedScalarHexEscape | K::InvalidLowSurrogateHexEscape => {
            "expected hexadecimal digits in the escape"
        }
        K::InvalidLowSurrogate | K::MissingLowSurrogate | K::UnpairedLowSurrogate => {
            "half a surrogate pair is no character"
        }
        K::InvalidUnicodeEscape => "the escape is no character",
        K::InvalidBlockScalarHeader => "unexpected text after `|` or `>`",
        K::PlainScalarStartsWithDashFlowIndicator => "`-` before a bracket or comma begins no value",
        K::UnexpectedEndOfPlainScalar => "expected a value",
        K::CommentInterceptedScalar => "a comment cannot stand inside a text of several lines",
        K::CommentNotSeparated => "expected a space before `#`",
        K::MissingAnchorOrAliasName => "expected a name after `&` or `*`",
        _ => return None,
    })
}

fn directive_or_tag(kind: &ErrorKind) -> Option<&'static str> {
    use ErrorKind as K;
    Some(match kind {
        K::DuplicateVersionDirective => "`%YAML` is given twice",
        K::UnsupportedYamlMajorVersion => "only YAML 1 is read",
        K::DuplicateTagDirective => "`%TAG` is given twice for one handle",
        K::MissingDocumentEndBeforeDirective => "expected `...` before the directive",
        K::InvalidDirectiveTerminator
        | K::MissingYamlVersionSeparator
        | K::MissingDirectiveName
        | K::InvalidDirectiveName
        | K::YamlVersionTooLong
        | K::MissingYamlVersion
        | K::InvalidTagDirectiveTerminator
        | K::ExpectedTagDirectiveBang => "the directive is malformed",
        K::DirectiveByteLimitExceeded { .. } | K::TooManyReservedDirectiveParams { .. } => {
            "the directive is too long"
        }
        K::UndeclaredTagHandle => "the tag's handle is not declared by `%TAG`",
        K::ExpectedTagBang
        | K::InvalidGlobalTagCharacter
        | K::InvalidTagTerminator
        | K::MissingTagUri
        | K::UnclosedVerbatimTag
        | K::InvalidTagEscape
        | K::InvalidTagUtf8LeadingByte
        | K::InvalidTagUtf8TrailingByte
        | K::InvalidTagUtf8 => "the tag is malformed",
        K::AnchorCountOverflow => "too many anchors",
        _ => return None,
    })
}

/// What is wrong with a token of JSON.
pub(super) fn json(kind: &ParseErrorKind) -> &'static str {
    use ParseErrorKind as K;
    match kind {
        K::BareDecimalPointNumbersNotAllowed | K::ExpectedDigit => "expected a digit",
        K::ExpectedDigitFollowingNegativeSign => "expected a digit after `-`",
        K::ExpectedPlusMinusOrDigitInNumberLiteral => "expected a digit in the exponent",
        K::CommentsNotAllowed | K::UnterminatedCommentBlock => "comments are not allowed",
        K::HexadecimalNumbersNotAllowed => "hexadecimal numbers are not allowed",
        K::NonFiniteNumbersNotAllowed => "the number is not finite",
        K::SingleQuotedStringsNotAllowed => "expected double quotes",
        K::UnaryPlusNumbersNotAllowed => "a number cannot begin with `+`",
        K::String(ParseStringErrorKind::UnterminatedStringLiteral) => "the quote is not closed",
        K::String(ParseStringErrorKind::ExpectedFourHexDigits) => "expected four hexadecimal digits",
        K::String(ParseStringErrorKind::InvalidUnicodeEscapeSequence(_)) => "the escape is no character",
        K::String(_) => "unknown escape after `\\`",
        _ => "unexpected character",
    }
}
