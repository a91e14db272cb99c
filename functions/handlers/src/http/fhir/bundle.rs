use schedule_core::Appointment;
use serde::Serialize;

use super::FhirAppointment;

/// Where a page is, and the one after it; references relative to the API.
pub(in crate::http) struct Links {
    /// The page itself.
    pub(in crate::http) this: String,
    /// The next one, if there is more.
    pub(in crate::http) next: Option<String>,
    /// Whether the page is the first.
    pub(in crate::http) is_first: bool,
}

/// A page of appointments as a `Bundle` of type `searchset`, <https://hl7.org/fhir/R4/bundle.html>.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(in crate::http) struct Bundle {
    /// Always `Bundle`.
    resource_type: BundleResourceType,
    /// Always `searchset`.
    #[serde(rename = "type")]
    kind: BundleType,
    /// How many there are in all; said only where one page holds them all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, examples(1)))]
    total: Option<usize>,
    /// This page, and the next one if there is more.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 2))]
    link: Vec<Link>,
    /// The appointments; left out where there are none, because FHIR has no empty lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entry: Vec<Entry>,
}

/// A page of the list.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
struct Link {
    /// `self` or `next`.
    relation: Relation,
    /// Where it is, relative to the API.
    #[cfg_attr(
        feature = "openapi",
        schema(format = "uri-reference", examples("/appointments/00123"))
    )]
    url: String,
}

/// An appointment of a page.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
struct Entry {
    /// The appointment's key as a URN.
    #[cfg_attr(
        feature = "openapi",
        schema(format = "uri", examples("urn:uuid:01a2109d-6c1e-7b52-8f0e-3d9f6f1c2b4a"))
    )]
    full_url: String,
    /// The appointment.
    resource: FhirAppointment,
    /// Why it is here.
    search: Search,
}

/// Why an entry is in a list.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
struct Search {
    /// Always `match`: it is what was asked for.
    mode: SearchMode,
}

/// The type of the list.
#[derive(Clone, Copy, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
enum BundleResourceType {
    Bundle,
}

/// What kind of list it is.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
enum BundleType {
    Searchset,
}

/// What a page is to this one.
#[derive(Clone, Copy, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
enum Relation {
    #[serde(rename = "self")]
    This,
    #[serde(rename = "next")]
    Next,
}

/// Why an entry is in a list.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
enum SearchMode {
    Match,
}

impl Bundle {
    /// The page with these appointments.
    pub(in crate::http) fn new(appointments: &[Appointment], links: Links) -> Self {
        let is_all = links.is_first && links.next.is_none();
        let this = Link {
            relation: Relation::This,
            url: links.this,
        };
        let next = links.next.map(|url| Link {
            relation: Relation::Next,
            url,
        });
        Self {
            resource_type: BundleResourceType::Bundle,
            kind: BundleType::Searchset,
            total: is_all.then_some(appointments.len()),
            link: std::iter::once(this).chain(next).collect(),
            entry: appointments.iter().map(Entry::from).collect(),
        }
    }
}

impl From<&Appointment> for Entry {
    fn from(appointment: &Appointment) -> Self {
        Self {
            full_url: format!("urn:uuid:{}", appointment.appointment_id),
            resource: FhirAppointment::from(appointment),
            search: Search {
                mode: SearchMode::Match,
            },
        }
    }
}
