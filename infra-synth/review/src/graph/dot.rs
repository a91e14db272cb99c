use std::fmt::Write;

use super::drawing::{Drawing, Node, Shape};

pub(super) fn render(drawing: &Drawing) -> String {
    let mut out = String::from("digraph stack {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n");
    for node in drawing.nodes.iter().filter(|node| node.inside.is_none()) {
        write_node(&mut out, node, "  ");
    }
    for (position, boundary) in drawing.boundaries().into_iter().enumerate() {
        // Graphviz draws a box around a subgraph only if its name begins so. Writing to a String never fails.
        let _ = writeln!(
            out,
            "  subgraph cluster_{position} {{\n    label={};",
            quoted(boundary)
        );
        for node in drawing
            .nodes
            .iter()
            .filter(|node| node.inside.as_deref() == Some(boundary))
        {
            write_node(&mut out, node, "    ");
        }
        out.push_str("  }\n");
    }
    for edge in &drawing.edges {
        let mut attributes = Vec::new();
        if !edge.label.is_empty() {
            attributes.push(format!("label={}", quoted(&edge.label)));
        }
        if edge.on_failure {
            attributes.push("style=dashed".to_owned());
        }
        let attributes = if attributes.is_empty() {
            String::new()
        } else {
            format!(" [{}]", attributes.join(", "))
        };
        let _ = writeln!(
            out,
            "  {} -> {}{attributes};",
            quoted(&edge.from),
            quoted(&edge.to)
        );
    }
    out.push_str("}\n");
    out
}

fn write_node(out: &mut String, node: &Node, indent: &str) {
    let shape = match node.shape {
        Shape::Client => "circle",
        Shape::Api | Shape::Endpoint => "oval",
        Shape::Function => "box",
        Shape::Table | Shape::Database => "cylinder",
        Shape::Topic | Shape::Bus => "hexagon",
        Shape::Queue => "cds",
        Shape::DeadLetters => "note",
        Shape::Rule => "diamond",
        Shape::Secret => "tab",
    };
    let _ = writeln!(
        out,
        "{indent}{} [label={}, shape={shape}];",
        quoted(&node.id),
        quoted(&node.label)
    );
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_a_label_ends_nothing() {
        let mut drawing = Drawing::default();
        drawing.failure("A", "B", "a \"b\" \\");
        assert!(render(&drawing).contains(r#"  "A" -> "B" [label="a \"b\" \\", style=dashed];"#));
    }
}
