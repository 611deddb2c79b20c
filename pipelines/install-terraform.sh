#!/usr/bin/env bash
# Makes sure that Terraform is there in the version that the buildspec pins: one that is there already is taken, else the
# release is fetched, and refused when its checksum is another than the buildspec's.
set -euo pipefail

if command -v terraform >/dev/null && terraform version -json 2>/dev/null | grep -qF "\"terraform_version\": \"$TERRAFORM_VERSION\""; then
  echo "terraform $TERRAFORM_VERSION is here"
  exit 0
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --output "$folder/terraform.zip" \
  "https://releases.hashicorp.com/terraform/${TERRAFORM_VERSION}/terraform_${TERRAFORM_VERSION}_linux_amd64.zip"
echo "$TERRAFORM_SHA256  $folder/terraform.zip" | sha256sum --check --strict -
unzip -q "$folder/terraform.zip" terraform -d "$folder"
install -m 0755 "$folder/terraform" /usr/local/bin/terraform
terraform version
