use std::fmt::Write;

use super::drawing::{Drawing, Node, Shape};

pub(super) fn render(drawing: &Drawing) -> String {
    let mut out = String::from("flowchart LR\n");
    for node in drawing.nodes.iter().filter(|node| node.inside.is_none()) {
        write_node(&mut out, node, "  ");
    }
    for (position, boundary) in drawing.boundaries().into_iter().enumerate() {
        // Writing to a String never fails.
        let _ = writeln!(out, "  subgraph boundary_{position} [\"{}\"]", escaped(boundary));
        for node in drawing
            .nodes
            .iter()
            .filter(|node| node.inside.as_deref() == Some(boundary))
        {
            write_node(&mut out, node, "    ");
        }
        out.push_str("  end\n");
    }
    for edge in &drawing.edges {
        let arrow = if edge.on_failure { "-.->" } else { "-->" };
        let label = if edge.label.is_empty() {
            String::new()
        } else {
            format!("|\"{}\"|", escaped(&edge.label))
        };
        let _ = writeln!(out, "  {} {arrow}{label} {}", id(&edge.from), id(&edge.to));
    }
    out
}

fn write_node(out: &mut String, node: &Node, indent: &str) {
    let (open, close) = match node.shape {
        Shape::Client => ("((", "))"),
        Shape::Api | Shape::Endpoint => ("([", "])"),
        Shape::Function => ("[", "]"),
        Shape::Table | Shape::Database => ("[(", ")]"),
        Shape::Topic | Shape::Bus => ("{{", "}}"),
        Shape::Queue => ("[[", "]]"),
        Shape::DeadLetters => ("[/", "/]"),
        Shape::Rule => ("{", "}"),
        Shape::Secret => (">", "]"),
    };
    let _ = writeln!(
        out,
        "{indent}{}{open}\"{}\"{close}",
        id(&node.id),
        escaped(&node.label)
    );
}

/// `end` closes a subgraph, whatever its case, so that nothing can be called so.
fn id(id: &str) -> String {
    if id.eq_ignore_ascii_case("end") {
        format!("{id}_")
    } else {
        id.to_owned()
    }
}

fn escaped(text: &str) -> String {
    text.replace('#', "#35;")
        .replace('"', "#quot;")
        .replace('<', "#lt;")
        .replace('>', "#gt;")
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Drawing;
    use super::*;

    #[test]
    fn what_mermaid_would_take_for_its_own_is_escaped() {
        let mut drawing = Drawing::default();
        drawing.edge("End", "B", "a \"b\" #1 <br>");
        assert_eq!(
            render(&drawing),
            "flowchart LR\n  End_ -->|\"a #quot;b#quot; #35;1 #lt;br#gt;\"| B\n"
        );
    }
}
