# Tells texts that only stand where a secret is to be written.
package lib.podgate.placeholder

import rego.v1

# Whether a value only stands where a secret is to be written. One with a digit in it may be a secret.
is_one(value) if {
	_letters(value) in _placeholders
} else if {
	regex.match(`^<[A-Za-z _.-]+>$`, value)
} else if {
	regex.match(`^(?i:your|replace|insert|change)([ _.-][A-Za-z]{1,10}){1,7}$`, value)
} else if {
	count(value) > 2
	trim(lower(value), "x*.") == ""
}

_letters(value) := strings.replace_n({" ": "", "-": "", "_": ""}, lower(value))

_placeholders := {
	"changeit",
	"changeme",
	"dummy",
	"example",
	"fixme",
	"none",
	"notset",
	"null",
	"placeholder",
	"redacted",
	"replaceme",
	"tbd",
	"todo",
	"undefined",
	"unset",
}
