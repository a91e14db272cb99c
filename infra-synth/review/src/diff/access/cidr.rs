//! Ranges of IP addresses.

use std::fmt;
use std::net::IpAddr;

/// A range in CIDR notation; an address alone is a range of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cidr {
    address: IpAddr,
    prefix: u8,
}

impl Cidr {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse().ok().filter(|prefix| *prefix <= longest)?,
            None => longest,
        };
        Some(Self { address, prefix })
    }

    pub(crate) fn covers(&self, narrower: &Self) -> bool {
        let start = |cidr: &Self, prefix: u8| match cidr.address {
            IpAddr::V4(address) => (4, shifted(u128::from(u32::from(address)), 32, prefix)),
            IpAddr::V6(address) => (6, shifted(u128::from(address), 128, prefix)),
        };
        self.prefix <= narrower.prefix && start(self, self.prefix) == start(narrower, self.prefix)
    }

    /// Whether it is every address there is.
    pub(crate) fn is_everywhere(&self) -> bool {
        self.prefix == 0
    }
}

/// The first `prefix` of `bits` bits.
fn shifted(number: u128, bits: u8, prefix: u8) -> u128 {
    number.checked_shr(u32::from(bits - prefix)).unwrap_or(0)
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_prefix_of_the_same_bits_covers() {
        let range = |text| Cidr::read(text).unwrap();
        assert!(range("0.0.0.0/0").covers(&range("10.1.2.3")));
        assert!(range("10.0.0.0/8").covers(&range("10.9.0.0/16")));
        assert!(!range("10.9.0.0/16").covers(&range("10.0.0.0/8")));
        assert!(!range("0.0.0.0/0").covers(&range("::/0")));
        assert!(range("::/0").covers(&range("2001:db8::1")));
        assert_eq!(Cidr::read("10.0.0.0/33"), None);
    }
}
