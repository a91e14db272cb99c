use aws_sdk_s3::{
    Client,
    operation::head_object::HeadObjectError,
    primitives::ByteStream,
    types::{ChecksumAlgorithm, ServerSideEncryption},
};

use crate::{AwsError, Event, Report};

/// A bucket whose objects are named by what is in them, so that one with the right name never needs to be sent again.
#[derive(Debug, Clone)]
pub struct Assets {
    client: Client,
    bucket: String,
    owner: String,
}

impl Assets {
    pub(crate) fn new(client: Client, bucket: &str, owner: &str) -> Self {
        Self {
            client,
            bucket: bucket.to_owned(),
            owner: owner.to_owned(),
        }
    }

    /// The bucket's name.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Puts an object into the bucket, unless it is there; the key must be made from the content.
    ///
    /// # Errors
    ///
    /// AWS's refusal, also for a bucket that belongs to someone else, or no answer.
    pub async fn put(&self, key: &str, content: Vec<u8>, report: &mut dyn Report) -> Result<(), AwsError> {
        let key_owned = key.to_owned();
        if self.has(key).await? {
            report.report(Event::Present { key: key_owned });
            return Ok(());
        }
        let bytes = content.len();
        let call = self.client.put_object().bucket(&self.bucket).key(key);
        let call = call
            .expected_bucket_owner(&self.owner)
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .server_side_encryption(ServerSideEncryption::Aes256)
            .body(ByteStream::from(content));
        call.send().await.map_err(AwsError::of("PutObject"))?;
        report.report(Event::Uploaded {
            key: key_owned,
            bytes,
        });
        Ok(())
    }

    async fn has(&self, key: &str) -> Result<bool, AwsError> {
        let call = self.client.head_object().bucket(&self.bucket).key(key);
        match call.expected_bucket_owner(&self.owner).send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(HeadObjectError::is_not_found) =>
            {
                Ok(false)
            }
            Err(error) => Err(AwsError::of("HeadObject")(error)),
        }
    }
}
