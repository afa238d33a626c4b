package lib.podgate.heredoc_test

import rego.v1

import data.lib.podgate.heredoc

test_texts_are_left_out if {
	cases := {
		"cat <<EOF\na b\nEOF\nls": "cat <<EOF\n\nls",
		"cat > README.md <<'EOF'\na\nb\nEOF\nls": "cat > README.md <<'EOF'\n\nls",
		"cat <<\"EOF\" >>docs/a.txt && ls\na\nEOF": "cat <<\"EOF\" >>docs/a.txt && ls\n\n",
		"cat > Dockerfile.ci << EOF\nRUN a\nEOF\ndocker build -f Dockerfile.ci .": "cat > Dockerfile.ci << EOF\n\ndocker build -f Dockerfile.ci .",
		"if x; then sudo tee -a doc.md >/dev/null <<EOF\na\nEOF\nfi": "if x; then sudo tee -a doc.md >/dev/null <<EOF\n\nfi",
		"cat >&2 <<-EOF\n\ta\n\t\tEOF\nls": "cat >&2 <<-EOF\n\nls",
		"cat <<EOF > README\na\nEOF\nls": "cat <<EOF > README\n\nls",
		"tee docs/LICENSE <<EOF\na\nEOF\nls": "tee docs/LICENSE <<EOF\n\nls",
		"cat <<EOF > \"$OUT/Changelog\"\na\nEOF\nls": "cat <<EOF > \"$OUT/Changelog\"\n\nls",
		"cat > NOTES <<EOF\na\nEOF\nrm -f notes": "cat > NOTES <<EOF\n\nrm -f notes",
		"cat > NOTES <<EOF\na\nEOF\nhead NOTES | wc\ncurl x | sh": "cat > NOTES <<EOF\n\nhead NOTES | wc\ncurl x | sh",
		"cat > a.md <<EOF\na\nEOF\nls a.md\ncat b | sh": "cat > a.md <<EOF\n\nls a.md\ncat b | sh",
		"cat > a.md <<EOF\na\nEOF\ncat a.md": "cat > a.md <<EOF\n\ncat a.md",
		"usage() {\n  cat <<EOF\na\nEOF\n}": "usage() {\n  cat <<EOF\n\n}",
		"cat <<A\na\nA\ncat <<B\nb\nB\n": "cat <<A\n\ncat <<B\n\n",
		"{\ncat >a.md <<EOF\na\nEOF\nls\n} | sh": "{\ncat >a.md <<EOF\n\nls\n} | sh",
		"cat <<EOF\na\nEOF\nb\nEOF\nc": "cat <<EOF\n\nb\nEOF\nc",
	}
	every script, rest in cases {
		heredoc.without_texts(script) == rest
	}
}

test_what_is_filled_in_stays if {
	heredoc.without_texts("cat <<EOF\na $(b c) `d`\nEOF\ne") == "cat <<EOF\nb c\nd\ne"
	heredoc.without_texts("cat <<EOF\na \\$(b c) \\`d\\`\nEOF\ne") == "cat <<EOF\n\ne"
	heredoc.without_texts("cat <<'EOF'\na $(b c) `d`\nEOF\ne") == "cat <<'EOF'\n\ne"
}

test_what_may_be_run_stays if {
	scripts := [
		"sh <<EOF\na\nEOF",
		"bash -s <<'EOF'\na\nEOF",
		"ssh x <<EOF\na\nEOF",
		"cat > x.sh <<EOF\na\nEOF",
		"cat > x <<EOF\na\nEOF",
		"cat > $X <<EOF\na\nEOF",
		"tee x.sh <<EOF\na\nEOF",
		"tee a.md x.sh <<EOF\na\nEOF",
		"cat > a.md > x.sh <<EOF\na\nEOF",
		"cat > /etc/docker/daemon.json <<EOF\na\nEOF",
		"cat > a.txt <<EOF\na\nEOF\nsh a.txt",
		"cat > README <<EOF\na\nEOF\nsh README",
		"cat > /tmp/a.txt <<EOF\na\nEOF\ncat /tmp/a.txt | sh",
		"cat > README <<EOF\na\nEOF\ntail -n +1 README | sh",
		"cat > README <<EOF\na\nEOF\nhead -9 README|sudo\tbash",
		"cat > README <<EOF\na\nEOF\nhead -9 README  |  sh",
		"cat > README <<EOF\na\nEOF\nhead -9 README |\n\tsh",
		"cat > README <<EOF\na\nEOF\nhead -9 README \u0002 |\u0002 sh",
		"cat > a.md <<EOF\na\nEOF\nsed 1d a.md | tr x y | sh -s",
		"cat > a.md <<EOF\na\nEOF\neval \"$(tail -1 a.md)\"",
		"cd docs\ncat > README <<EOF\na\nEOF\ncd ..\ncat docs/README | sh",
		"cat > docs/README <<EOF\na\nEOF\ncd docs\nnl README | sh",
		"cat > docs/README <<EOF\na\nEOF\nchmod 755 docs/README; docs/README",
		"cat > LICENSE <<EOF\na\nEOF\n./LICENSE",
		"cat > READMES <<EOF\na\nEOF",
		"cat > NOTES.sh <<EOF\na\nEOF",
		"cat > README/x <<EOF\na\nEOF",
		"cat > /tmp/a.txt <<EOF\na\nEOF\n. /tmp/a.txt",
		"cat > a.txt <<EOF\na\nEOF\nchmod +x a.txt",
		"cat <<EOF | sh\na\nEOF",
		"cat <<EOF \u0002 | sh\na\nEOF",
		"{\ncat <<EOF\na\nEOF\n} | sh",
		"{\ncat <<EOF\na\nEOF\n} > x",
		"{\ntee a.md <<EOF\na\nEOF\n} > x",
		"{\ncat 2>/dev/null <<EOF\na\nEOF\n} > x",
		"f() {\ncat <<EOF\na\nEOF\n}\nf > x.sh",
		"f() {\ncat <<EOF\na\nEOF\n}\neval \"$(f)\"",
		"sh -c \"$(cat <<EOF\na\nEOF\n)\"",
		"cat <<EOF > >(sh)\na\nEOF",
		"# cat <<EOF\na\nEOF",
		"echo 'cat <<EOF'\na\nEOF",
		"echo 'a; cat <<EOF\na\nEOF",
		"cat <<EOF\na\n EOF",
		"cat <<A <<B\na\nA\nb\nB",
		"cat <<< EOF\na\nEOF",
		"cat \\<<EOF\na\nEOF",
		"a 1<<2",
	]
	every script in scripts {
		heredoc.without_texts(script) == script
	}
	many := replace("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "x", "cat <<EOF\na\nEOF\n")
	heredoc.without_texts(many) == many
}

test_a_line_that_goes_on_does_not_hide_the_end if {
	heredoc.without_texts("cat <<'EOF'\na \u0002EOF\nb\nEOF\n") == "cat <<'EOF'\n\nb\nEOF\n"
}
