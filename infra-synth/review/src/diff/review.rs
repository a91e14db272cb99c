//! What a comparison finds.

use std::collections::BTreeSet;
use std::fmt;

use infra_synth_cfn::Template;
use serde::Serialize;

use super::value::Value;
use crate::cost::{Usage, estimate};

/// What a change of a template does, resource by resource, and to whom it opens or closes what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// Every resource that changes, in the order of the new template; the removed ones after them.
    pub resources: Vec<ResourceChange>,
    /// Every access that becomes possible or impossible, and every flow of data that begins or ends.
    pub access: Vec<AccessChange>,
    /// Changes outside the resources: parameters, conditions, outputs, …
    pub sections: Vec<SectionChange>,
    /// The APIs that are open to anyone after the change, whether or not it opened them.
    pub open: Vec<OpenApi>,
    /// What changes on the bill; absent if nothing does, to the cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostChange>,
}

/// What a change costs at a million appointments a month, in US dollars a month with two decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CostChange {
    /// More (`+18.32`) or less (`-3.00`) than before.
    pub change: String,
    /// The services whose cost changes.
    pub services: Vec<ServiceCost>,
}

/// One service on the bill, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceCost {
    /// The service.
    pub service: String,
    /// Before, fixed and in use together.
    pub before: String,
    /// After.
    pub after: String,
}

impl CostChange {
    /// What the estimates say of two templates.
    pub(super) fn between(old: &Template, new: &Template) -> Option<Self> {
        let usage = Usage::default();
        let difference = estimate(old, &usage).difference(&estimate(new, &usage));
        let services = difference.services.iter().map(|one| ServiceCost {
            service: one.service.to_owned(),
            before: format!("{:.2}", one.before),
            after: format!("{:.2}", one.after),
        });
        (!difference.is_empty()).then(|| Self {
            change: format!("{:+.2}", difference.change()),
            services: services.collect(),
        })
    }
}

impl fmt::Display for CostChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} USD a month at a million appointments:", self.change)?;
        for (position, one) in self.services.iter().enumerate() {
            let separator = if position == 0 { "" } else { "," };
            write!(f, "{separator} {} {} → {}", one.service, one.before, one.after)?;
        }
        Ok(())
    }
}

/// How a change is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing is opened and nothing is lost.
    Harmless,
    /// Something that was possible no longer is.
    Narrowing,
    /// Not known well enough to call it safe; no gate lets it pass.
    Unjudged,
    /// Someone or something can do or reach what it could not before, or a protection is taken away.
    Broadening,
    /// Data, a way that data take, or an address that others hold is lost, or what kept it from being lost.
    Destructive,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Harmless => "harmless",
            Self::Narrowing => "narrowing",
            Self::Unjudged => "could not be judged",
            Self::Broadening => "broadening",
            Self::Destructive => "destructive",
        })
    }
}

/// What CloudFormation does to the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It goes on working.
    NoInterruption,
    /// It goes on under its name, and may not answer for a while.
    SomeInterruption,
    /// It is new.
    Creation,
    /// CloudFormation's rules for the type or the property are not known here.
    Unknown,
    /// A new one is made, and the old one goes as `UpdateReplacePolicy` says.
    Replacement,
    /// It leaves the stack and goes as `DeletionPolicy` says.
    Deletion,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoInterruption => "no interruption",
            Self::SomeInterruption => "some interruption",
            Self::Creation => "creation",
            Self::Unknown => "effect unknown",
            Self::Replacement => "replacement",
            Self::Deletion => "deletion",
        })
    }
}

/// What becomes of the data in a resource that is replaced or deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataFate {
    /// They are deleted with it.
    Lost,
    /// They stay, in a resource that no stack holds any more.
    Kept,
    /// They stay in a snapshot.
    Snapshot,
}

/// One reason for a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How the change is to be taken.
    pub verdict: Verdict,
    /// Why, as a sentence without its full stop.
    pub reason: String,
}

impl Finding {
    pub(crate) fn new(verdict: Verdict, reason: impl Into<String>) -> Self {
        Self {
            verdict,
            reason: reason.into(),
        }
    }
}

/// One property or attribute whose value changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PropertyChange {
    /// Where, from the resource on: `Properties.Environment.Variables.DB_HOST`, `DeletionPolicy`.
    pub path: String,
    /// What it was; absent if it was not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What it becomes; absent if it is no longer said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
    /// What CloudFormation does for this property alone.
    pub effect: Effect,
}

/// A resource that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourceChange {
    /// Its name in the template.
    pub logical_id: String,
    /// Its type in the new template, or in the old one if it is removed.
    pub resource_type: String,
    /// The most that CloudFormation does to it.
    pub effect: Effect,
    /// The properties that force the replacement.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forced_by: Vec<String>,
    /// What becomes of its data, if it holds any and they are touched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<DataFate>,
    /// The line that declares it; absent for a removed one and for a template from elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What is different.
    pub properties: Vec<PropertyChange>,
    /// Every reason to think about it; empty if it is harmless.
    pub findings: Vec<Finding>,
}

impl ResourceChange {
    /// Every verdict that a finding gives; [`Verdict::Harmless`] alone if there is none.
    pub fn verdicts(&self) -> BTreeSet<Verdict> {
        verdicts(self.findings.iter().map(|finding| finding.verdict))
    }
}

/// Whether an access begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// It was impossible and becomes possible.
    Possible,
    /// It was possible and becomes impossible.
    Impossible,
}

/// By which means access is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// A policy of a role, user or group.
    Identity,
    /// The trust policy of a role.
    Trust,
    /// A policy of the resource itself: queue, topic, bus, endpoint, bucket, function, …
    Resource,
    /// A security group.
    Network,
    /// A route of an API.
    Api,
    /// The pages that a browser lets call an API.
    Cors,
    /// A subscription, a rule's target or an event source mapping: data are handed on.
    Flow,
}

/// An access that changes: who may do what on which resource, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessChange {
    /// Whether it begins or ends.
    pub turn: Turn,
    /// How it is to be taken.
    pub verdict: Verdict,
    /// By which means.
    pub means: Means,
    /// Who.
    pub principal: String,
    /// Does what.
    pub action: String,
    /// On or from what.
    pub resource: String,
    /// Under which condition; absent if under none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// What is new about it, as a sentence without its full stop.
    pub reason: String,
    /// The resource that declares it.
    pub logical_id: String,
    /// The line that declares that resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// An API with routes that anyone who knows its URL can call, whether that is new or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenApi {
    /// The API.
    pub logical_id: String,
    /// The routes' keys, as the template has them.
    pub routes: Vec<String>,
}

impl fmt::Display for OpenApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: no authorizer asks who is calling; anyone who knows the URL can call {}",
            self.logical_id,
            self.routes.join(", ")
        )
    }
}

/// A change outside the resources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionChange {
    /// Where: `Parameters.VpcId.Default`.
    pub path: String,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What it becomes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
    /// The line that declares the parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Every reason to think about it.
    pub findings: Vec<Finding>,
}

impl SectionChange {
    /// Every verdict that a finding gives; [`Verdict::Harmless`] alone if there is none.
    pub fn verdicts(&self) -> BTreeSet<Verdict> {
        verdicts(self.findings.iter().map(|finding| finding.verdict))
    }
}

impl Review {
    /// Whether the two templates say the same.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.access.is_empty() && self.sections.is_empty()
    }

    /// Every verdict on anything that changes; [`Verdict::Harmless`] alone or not at all; empty if nothing changes.
    pub fn verdicts(&self) -> BTreeSet<Verdict> {
        let resources = self.resources.iter().flat_map(ResourceChange::verdicts);
        let sections = self.sections.iter().flat_map(SectionChange::verdicts);
        let access = self.access.iter().map(|access| access.verdict);
        let mut verdicts: BTreeSet<Verdict> = resources.chain(sections).chain(access).collect();
        if verdicts.len() > 1 {
            verdicts.remove(&Verdict::Harmless);
        }
        verdicts
    }

    /// Every reason for this verdict, each with the name of what it is about.
    pub fn reasons(&self, verdict: Verdict) -> Vec<String> {
        let resources = self.resources.iter().flat_map(|resource| {
            resource
                .findings
                .iter()
                .map(move |finding| (resource.logical_id.as_str(), finding, &resource.source))
        });
        let sections = self.sections.iter().flat_map(|section| {
            section
                .findings
                .iter()
                .map(move |finding| (section.path.as_str(), finding, &section.source))
        });
        let findings = resources
            .chain(sections)
            .filter(|(_, finding, _)| finding.verdict == verdict)
            .map(|(name, finding, source)| {
                at_source(&format!("{name}: {}", finding.reason), source.as_deref())
            });
        let access = self
            .access
            .iter()
            .filter(|access| access.verdict == verdict)
            .map(|access| {
                at_source(
                    &format!("{}: {}", access.logical_id, access.reason),
                    access.source.as_deref(),
                )
            });
        let mut reasons: Vec<String> = findings.chain(access).collect();
        let mut seen = BTreeSet::new();
        reasons.retain(|reason| seen.insert(reason.clone()));
        reasons
    }
}

fn at_source(text: &str, source: Option<&str>) -> String {
    source.map_or_else(|| text.to_owned(), |source| format!("{text} ({source})"))
}

fn verdicts(found: impl Iterator<Item = Verdict>) -> BTreeSet<Verdict> {
    let mut verdicts: BTreeSet<Verdict> = found.collect();
    if verdicts.is_empty() {
        verdicts.insert(Verdict::Harmless);
    }
    verdicts
}
