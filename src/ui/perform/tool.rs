//! The tool in hand and its draft.

use egui::Context;

use crate::domain::{Kind, Localized as _, Record};
use crate::geodesy::index::box_around;
use crate::geodesy::wkb::Bounds;
use crate::ui::action::{Action, ToolAction, ToolKind};
use crate::ui::app::App;
use crate::ui::canvas::tools::{
    Boundary, Draw, Measure, PrintFrame, Tool, Turns, Way, drawing, editing, from_draft,
};
use crate::ui::model::Toast;
use crate::ui::model::drawing::{Form, Making};

impl App {
    /// What is asked of the tool in hand.
    pub(super) fn tool(&mut self, action: ToolAction, context: &Context) {
        match action {
            ToolAction::Take(kind) => self.take(kind),
            ToolAction::LayDown => self.hold(None),
            ToolAction::Make(making) => self.make(making),
            ToolAction::Switch(number) => self.switch(number),
            ToolAction::Snap => self.toggle_snap(context),
            ToolAction::KeepDraft(draft) => self.keep_draft(draft),
            ToolAction::DraftFound(serde_json::Value::Array(drafts)) => self.model.drafts = drafts,
            ToolAction::DraftFound(draft) => self.model.drafts = vec![draft],
            ToolAction::DiscardDraft => {
                self.model.drafts.pop();
                self.write_drafts(None);
            }
            ToolAction::Recover => self.recover_draft(),
        }
    }

    fn take(&mut self, kind: ToolKind) {
        if self.model.district.is_none() {
            return;
        }
        if let Some(plan) = self.closed_to(&kind) {
            self.refuse(plan);
            return;
        }
        let tool: Box<dyn Tool> = match kind {
            ToolKind::Draw(form, making) => self.drawing(form, making),
            ToolKind::Order(kind) => self.ordering(kind),
            ToolKind::Boundary(order) => Box::new(Boundary::new(order)),
            ToolKind::Measure => Box::new(Measure::default()),
            ToolKind::Way => Box::new(Way::of(self.model.planner.way_asked.as_ref())),
            ToolKind::Turns => {
                self.need_plan();
                Box::new(Turns::default())
            }
            ToolKind::PrintFrame => Box::new(PrintFrame::default()),
            ToolKind::Pen => return self.take_pen(),
            ToolKind::Shape => match self.model.selected().and_then(editing) {
                Some(tool) => tool,
                None => {
                    return self.say(Toast::watch(
                        "请先选中一个有位置的记录",
                        "Select a record with a place first",
                    ));
                }
            },
        };
        self.hold(Some(tool));
    }

    fn drawing(&self, form: Form, making: Option<Making>) -> Box<dyn Tool> {
        let is_of_form = |record: &&Record| match form {
            Form::Point => true,
            Form::Area => record.kind == Kind::Area,
            Form::Line => false,
        };
        let unplaced = self.model.selected_unplaced().filter(is_of_form);
        if let (None, Some(record)) = (making, unplaced) {
            return Box::new(Draw::place_of(record));
        }
        let last = || self.model.last_made.iter().find(|(known, _)| *known == form);
        drawing(form, making.or_else(|| last().map(|(_, making)| *making)))
    }

    fn toggle_snap(&mut self, context: &Context) {
        let snaps = !self.model.settings.snaps;
        self.model.settings.snaps = snaps;
        self.say(if snaps {
            Toast::done("捕捉已打开", "snapping is on")
        } else {
            Toast::done("捕捉已关闭，按 S 打开", "snapping is off; S turns it on")
        });
        self.mark_unsaved(context);
    }

    /// Another tool, or none: what the last one was about to make is no longer in the figures.
    pub(super) fn hold(&mut self, tool: Option<Box<dyn Tool>>) {
        self.model.planner.draft = None;
        self.canvas.hold(tool);
    }

    /// Turns a switch of the tool in hand.
    pub(super) fn switch(&mut self, number: usize) {
        if let Some(tool) = &mut self.canvas.tool {
            tool.switch(number);
        }
    }

    /// What the drawing is to become; the next one of its form begins so.
    pub(super) fn make(&mut self, making: Making) {
        self.change_hands(making);
        let Some(tool) = &mut self.canvas.tool else { return };
        tool.make(making);
        for form in [Form::Point, Form::Line, Form::Area] {
            if Making::all(form) == tool.makings() {
                self.model.last_made.retain(|(known, _)| *known != form);
                self.model.last_made.push((form, making));
            }
        }
    }

    /// Takes up the draft where it was left.
    pub(super) fn recover_draft(&mut self) {
        let Some(draft) = self.model.drafts.pop() else { return };
        match from_draft(&draft, &self.model) {
            Some(tool) => {
                self.hold(Some(tool));
                if let Some(bounds) = draft_bounds(&draft) {
                    self.fly_to(bounds);
                }
            }
            None => self.say(Toast::watch(
                "草图无法恢复：它所属的记录已不存在",
                "The draft cannot be taken up: its record is gone",
            )),
        }
    }

    /// On the disk at every click; gone from it when it became something.
    pub(super) fn keep_draft(&mut self, draft: Option<serde_json::Value>) {
        // While a tool is in hand its draft is not something to recover.
        if self.canvas.tool.is_some() {
            self.write_drafts(draft);
        } else {
            self.model.drafts.extend(draft);
            self.write_drafts(None);
        }
    }

    /// Those that were put aside, and that of the tool in hand.
    fn write_drafts(&mut self, of_tool: Option<serde_json::Value>) {
        let drafts: Vec<_> = self.model.drafts.iter().cloned().chain(of_tool).collect();
        let draft = (!drafts.is_empty()).then_some(serde_json::Value::Array(drafts));
        let Some(district) = &self.model.district else { return };
        let place = super::file::draft_file(&self.model.folder, &district.path);
        self.work("draft", move |_| {
            let kept = match &draft {
                Some(draft) => crate::files::write_private(&place, draft.to_string().as_bytes()),
                None => crate::files::remove(&place).or_else(|error| {
                    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
                }),
            };
            match kept {
                Ok(()) => Action::Nothing,
                Err(error) => Action::Say(Toast::watch(
                    format!("草图未能保存：{}", error.zh()),
                    format!("The draft could not be kept: {error}"),
                )),
            }
        });
    }
}

/// Around the vertices of a draft, each `[longitude, latitude, whether it was snapped]`; one vertex alone
/// is shown with what lies around it.
fn draft_bounds(draft: &serde_json::Value) -> Option<Bounds> {
    use serde_json::Value as Json;
    match draft {
        Json::Array(members) => {
            if let [Json::Number(x), Json::Number(y), Json::Bool(_)] = members.as_slice() {
                let at = geo_types::Coord { x: x.as_f64()?, y: y.as_f64()? };
                return Some(box_around(at, AROUND_VERTEX_M));
            }
            members.iter().filter_map(draft_bounds).reduce(Bounds::joined_with)
        }
        Json::Object(members) => {
            members.values().filter_map(draft_bounds).reduce(Bounds::joined_with)
        }
        _ => None,
    }
}

/// What is seen around a vertex of a draft that is taken up.
const AROUND_VERTEX_M: f64 = 200.0;
