package lib.podgate.reference_test

import rego.v1

import data.lib.podgate.reference

test_success_references if {
	every value in [
		"$(X)",
		"$(A)$(B)",
		"$(params.k)",
		"$(params['k'])",
		"$(aws ssm get-parameter --name $(name))",
		"$[variables['k']]",
		"$[[ inputs.k ]]",
		"${{ secrets.X }}",
		"${{ steps.x.outputs.y }}",
		"${{ github.ref == 'refs/heads/main' && secrets.A || secrets.B }}",
		"${{ secrets.X || '' }}",
		"${{ secrets.X || 'dummy' }}",
		"${{ format('{0}', secrets['X']) }}",
		"${{ variables.k }}",
		"((aws.secret))",
		"((vault:aws/key.secret))",
		"$PROD_AWS_SECRET",
		"$PROD\n",
		" ${PROD_SECRET} ",
		"$$PROD",
		"$${PROD}",
		"${PROD:?is not set}",
		"${PROD:-}",
		"${PROD:-$OTHER}",
		"${PROD:-${OTHER}}",
		"${env.PROD}",
		"<< parameters.k >>",
		"<<pipeline.parameters.k>>",
		"{{inputs.parameters.k}}",
		"{{ .Values.aws.secret }}",
		`{{ requiredEnv "AWS_SECRET" }}`,
		"op://ci/aws/secret",
		"ref+vault://ci/aws#/secret",
		"vault:secret/data/aws#key",
	] {
		reference.is_one(value)
	}
}

test_fail_text_beside_a_reference if {
	every value in [
		"",
		"examplekey",
		"examplekey$X",
		"$(X)/examplekey",
		"${{ secrets.A }}examplekey${{ secrets.B }}",
		"{{a}}examplekey{{b}}",
		"((a))-examplekey",
		"<< parameters.k >>examplekey",
		"a(b))",
		"$",
		"$1",
		"vault:examplekey",
		null,
		7,
	] {
		not reference.is_one(value)
	}
}

test_fail_text_in_a_reference if {
	every value in [
		"${PROD:-examplekey}",
		"${PROD-examplekey}",
		"${PROD:-'examplekey'}",
		"${PROD:-${OTHER:-examplekey}}",
		"${{ 'examplekey' }}",
		"${{ secrets.X || 'examplekey' }}",
		"${{ secrets.A }}${{ secrets.X||'examplekey' }}",
		"${{ inputs.test && 'examplekey' || secrets.X }}",
		"$[ 'examplekey' ]",
		`{{ "examplekey" }}`,
		`{{= "examplekey" }}`,
		`{{ .Values.k | default "examplekey" }}`,
		"{{ k | default('examplekey') }}",
		"${env.PROD ?: 'examplekey'}",
	] {
		not reference.is_one(value)
	}
}
