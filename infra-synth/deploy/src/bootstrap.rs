use infra_synth_cfn::{
    Attributes, DeletionPolicy, Resource, Stack, SynthError, Template, Value,
    kind::{AnyArn, Text},
    policy::{PolicyDocument, Principal, Statement},
};
use serde_json::{Value as Json, json};

/// The name of the stack that the asset bucket is in: one an account and region, whatever stages there are.
pub const ASSET_STACK: &str = "infra-synth-assets";

/// The output of that stack that is the bucket's name.
pub const ASSET_BUCKET_OUTPUT: &str = "AssetBucketName";

/// How long a version that was overwritten or deleted is kept.
const OLD_VERSION_DAYS: u32 = 30;

/// The asset bucket: private, encrypted, TLS only; old versions and broken uploads go away by themselves.
///
/// # Errors
///
/// What [`Stack::synth`] refuses; as it stands, nothing.
pub fn bootstrap_stack() -> Result<Template, SynthError> {
    let mut stack = Stack::new("Where the code of functions lies until it is deployed");
    stack.add_with(
        "AssetBucket",
        Bucket,
        Attributes::on_removal(DeletionPolicy::RetainExceptOnCreate),
    );
    stack.add("AssetBucketPolicy", BucketPolicy);
    stack.output(
        ASSET_BUCKET_OUTPUT,
        "The bucket that functions' code is in",
        &Value::<Text>::sub("${AssetBucket}"),
    );
    stack.synth()
}

/// `AWS::S3::Bucket`; CloudFormation chooses the name, so that nobody can have taken it before.
struct Bucket;

impl Resource for Bucket {
    fn resource_type(&self) -> &'static str {
        "AWS::S3::Bucket"
    }

    fn properties(&self) -> Json {
        json!({
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}},
            ]},
            "LifecycleConfiguration": {"Rules": [{
                "Id": "old-versions",
                "Status": "Enabled",
                "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_VERSION_DAYS},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
            }]},
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": true,
                "BlockPublicPolicy": true,
                "IgnorePublicAcls": true,
                "RestrictPublicBuckets": true,
            },
            "VersioningConfiguration": {"Status": "Enabled"},
        })
    }
}

struct BucketPolicy;

impl Resource for BucketPolicy {
    fn resource_type(&self) -> &'static str {
        "AWS::S3::BucketPolicy"
    }

    fn properties(&self) -> Json {
        let tls_only = Statement {
            resource: vec![
                Value::sub("${AssetBucket.Arn}"),
                Value::sub("${AssetBucket.Arn}/*"),
            ],
            ..Statement::deny(&["s3:*"], &Value::<AnyArn>::literal("*"))
        };
        let tls_only = tls_only
            .by(Principal::Anyone)
            .when("Bool", "aws:SecureTransport", "false".into());
        json!({
            "Bucket": Value::<Text>::sub("${AssetBucket}"),
            "PolicyDocument": PolicyDocument::new([tls_only]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asset_bucket_is_private_encrypted_and_for_tls_only() {
        let template = bootstrap_stack().unwrap().to_value();
        let bucket = &template["Resources"]["AssetBucket"]["Properties"];
        let open = bucket["PublicAccessBlockConfiguration"].as_object().unwrap();
        assert!(open.len() == 4 && open.values().all(|blocked| blocked == true));
        assert!(bucket["BucketEncryption"].is_object());
        assert_eq!(
            bucket["LifecycleConfiguration"]["Rules"][0]["NoncurrentVersionExpiration"]["NoncurrentDays"],
            30
        );
        let policy =
            &template["Resources"]["AssetBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"][0];
        assert_eq!(policy["Effect"], "Deny");
        assert_eq!(policy["Condition"]["Bool"]["aws:SecureTransport"], "false");
        assert_eq!(policy["Resource"][1]["Fn::Sub"], "${AssetBucket.Arn}/*");
    }
}
