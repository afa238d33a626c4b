package lib.podgate.line_test

import rego.v1

import data.lib.podgate.line

test_a_line_goes_on_behind_a_backslash if {
	cases := {
		"a \\\n b\nc": "a \u0002 b\nc",
		"a \\\n# b\nc # d": "a \u0002# b\nc # d",
		"a#b \\\n c$# \\\n d": "a#b \u0002 c$# \u0002 d",
		"a '# b' \\\n c": "a '# b' \u0002 c",
		"a \"it's # b\" \\\n c": "a \"it's # b\" \u0002 c",
		"a \\\" # \\\\\\\n b": "a \\\" # \\\\\\\n b",
		"a \\\\\\\n b": "a \\\\\u0002 b",
	}
	every script, joined in cases {
		line.joined(script) == joined
	}
}

test_no_comment_goes_on if {
	scripts := [
		"# a \\\nb",
		"\t# a \\\nb",
		"a # b \\\nc",
		"a\t# b \\\nc",
		"a \"b\" # it's \\\nc",
		"a \"it's\" # b \\\nc",
		"a 'b\"c' # d \\\nc",
		"a \\' # b \\\nc",
		"a \\\\\nb",
	]
	every script in scripts {
		line.joined(script) == script
	}
	line.joined("a \\\n # b \\\nc") == "a \u0002 # b \\\nc"
}

test_code if {
	cases := {
		"# a": "",
		"a#b": "a#b",
		"a # b # c": "a",
		"a 'b # c' # d": "a 'b # c'",
		"a \"it's\" # d": "a \"it's\" # d",
		"a \"b\" 'c' # d": "a \"b\" 'c'",
		"a \"don't\" 'b \"c # d'; e": "a \"don't\" 'b \"c # d'; e",
		"a \"b # c\" d": "a \"b # c\" d",
		"a \"b # c": "a \"b # c",
	}
	every text, code in cases {
		line.code(text) == code
	}
}

test_lists_are_one_line if {
	cases := {
		"a=(b c)\nd": "a=(b c)\nd",
		"a=(\n b\n c\t# d (\n)\ne": "a=(\u0004 b\u0004c\u0004)\ne",
		"a=(\"$(b)\"\n c)\nd=(\ne\n) f": "a=(\"$(b)\"\u0004 c)\nd=(\u0004e\u0004) f",
		"a (\n b\n)": "a (\n b\n)",
		"\tlocal -a a_1+=(\nb\n)": "\tlocal -a a_1+=(\u0004b\u0004)",
		"readonly a=( # it's (\nb\n)": "readonly a=(\u0004b\u0004)",
		"a=(\n'b)'\n\"(\"\n) c": "a=(\u0004'b)'\u0004\"(\"\u0004) c",
		"a=(\n# d=(\nb\n)": "a=(\u0004\u0004b\u0004)",
		"a=(b) c=(\nd\n)\ne": "a=(b) c=(\nd\n)\ne",
	}
	every script, joined in cases {
		line.with_lists(script) == joined
	}
}

test_what_is_no_list_stays if {
	long := replace("0000000000000", "0", "b\nb\nb\nb\nb\nb\nb\nb\nb\nb\n")
	scripts := [
		"a=(\n b\nc",
		"# a=(\nb\nc) d",
		"  #a=(\nb\nc) d",
		"echo \"a: b=(\"\nc\necho \")\"",
		"b 'c' a=(\nb\n)",
		"echo a=(\nb\n)",
		"local b a=(\nb\n)",
		"\"a=(\nb\n)\"",
		"=(\nb\n)",
		"a=(\n\"\nb\nc \"$1\" d) e",
		"a=(\"(\" b)\nc\nd) e",
		concat("", ["a=(\n", long]),
		concat("", ["a=(\n", long, ")"]),
	]
	every script in scripts {
		line.with_lists(script) == script
	}
}

test_lines_of_what_may_be_no_list_stay_too if {
	cases := {
		"b \"\na=(\nc\n)\nd": "b \"\na=(\nc\n)\na=(\u0004c\u0004)\nd",
		"b <<E\na=(\nc\n) d\ne": "b <<E\na=(\nc\n) d\na=(\u0004c\u0004) d\ne",
	}
	every script, joined in cases {
		line.with_lists(script) == joined
	}
}
