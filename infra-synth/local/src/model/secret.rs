//! `AWS::SecretsManager::Secret` with a value that is made up.

use super::properties::Properties;

/// What Secrets Manager makes up where nothing is said,
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html>.
const DEFAULT_LENGTH: u64 = 32;

#[derive(Debug, Clone)]
pub(crate) struct Secret {
    pub(crate) arn: String,
    pub(crate) logical_id: String,
    /// How many characters its value has.
    pub(crate) length: usize,
    /// Whether there are only letters and digits among them.
    pub(crate) alphanumeric: bool,
}

pub(super) fn secret(properties: &mut Properties<'_, '_>, arn: String) -> Option<Secret> {
    properties.ignore(&["Name", "Description", "KmsKeyId", "Tags"]);
    let Some(mut generate) = properties.object("GenerateSecretString") else {
        properties
            .refuse("property `GenerateSecretString` is missing: only a value that is made up runs locally");
        // A value in a template is not to be shown.
        properties.ignore(&["SecretString"]);
        return None;
    };
    let length = generate.number_within("PasswordLength", 1..=4096);
    let alphanumeric = generate.flag("ExcludePunctuation");
    generate.finish();
    Some(Secret {
        arn,
        logical_id: properties.logical_id.clone(),
        length: usize::try_from(length.unwrap_or(DEFAULT_LENGTH)).unwrap_or_default(),
        alphanumeric: alphanumeric.unwrap_or(false),
    })
}
