/// What is to be drawn, in the order in which it is drawn.
#[derive(Default)]
pub(super) struct Drawing {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

pub(super) struct Node {
    /// Letters and digits: a logical id, or a word of ours that no logical id is.
    pub(super) id: String,
    pub(super) label: String,
    pub(super) shape: Shape,
    /// The boundary that it is inside of.
    pub(super) inside: Option<String>,
}

/// What a node is, which says how it looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Client,
    Api,
    Function,
    Table,
    Database,
    Topic,
    Queue,
    DeadLetters,
    Bus,
    Rule,
    Endpoint,
    Secret,
}

pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) label: String,
    /// The way that messages take only when something failed.
    pub(super) on_failure: bool,
}

impl Drawing {
    pub(super) fn edge(&mut self, from: &str, to: &str, label: impl Into<String>) {
        self.add(from, to, label.into(), false);
    }

    pub(super) fn failure(&mut self, from: &str, to: &str, label: impl Into<String>) {
        self.add(from, to, label.into(), true);
    }

    /// The boundaries, in the order of what is inside of them.
    pub(super) fn boundaries(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for boundary in self.nodes.iter().filter_map(|node| node.inside.as_deref()) {
            if !found.contains(&boundary) {
                found.push(boundary);
            }
        }
        found
    }

    fn add(&mut self, from: &str, to: &str, label: String, on_failure: bool) {
        self.edges.push(Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            label,
            on_failure,
        });
    }
}
