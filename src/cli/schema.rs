//! `shapan schema`: the table of fields, for people or as JSON Schema.

use std::io::Write as _;

use super::{Context, Done, print_json};
use crate::domain::{Field, Kind, Lang, json_schema};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// As JSON Schema (draft 2020-12)
    #[arg(long)]
    json: bool,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let mut out = std::io::stdout().lock();
    if args.json {
        print_json(&mut out, &json_schema())?;
        return Ok(Done::Well);
    }
    for kind in Kind::ALL {
        writeln!(out, "{}  {}", kind.key(), kind.label().say(context.lang))?;
        for field in kind.fields() {
            writeln!(out, "  {}", describe(field, context.lang))?;
        }
    }
    Ok(Done::Well)
}

fn describe(field: &Field, lang: Lang) -> String {
    let mut line = format!("{:18} {}", field.key, field.label.say(lang));
    if !field.unit.is_empty() {
        line.extend([" [", field.unit, "]"]);
    }
    if let Some(choices) = field.choices() {
        let words: Vec<String> = choices
            .iter()
            .map(|choice| match choice.label.say(lang) {
                label if label == choice.key => label.to_owned(),
                label => format!("{} {label}", choice.key),
            })
            .collect();
        line.extend([": ", &words.join(" | ")]);
    }
    line
}
