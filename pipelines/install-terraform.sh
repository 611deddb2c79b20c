#!/usr/bin/env bash
# Makes sure that Terraform is there in the version that the buildspec pins: one that is there already is taken, else the
# release is fetched, and refused when its checksum is another than the buildspec's.
set -euo pipefail

# No pipe: `grep -q` stops reading at the first match, and terraform would fail on the closed pipe, but only sometimes.
if command -v terraform >/dev/null; then
  here=$(terraform version -json)
  if [[ $here == *"\"terraform_version\": \"$TERRAFORM_VERSION\""* ]]; then
    echo "terraform $TERRAFORM_VERSION is here"
    exit 0
  fi
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --output "$folder/terraform.zip" \
  "https://releases.hashicorp.com/terraform/${TERRAFORM_VERSION}/terraform_${TERRAFORM_VERSION}_linux_amd64.zip"
echo "$TERRAFORM_SHA256  $folder/terraform.zip" | sha256sum --check --strict -
unzip -q "$folder/terraform.zip" terraform -d "$folder"
install -m 0755 "$folder/terraform" /usr/local/bin/terraform
terraform version
