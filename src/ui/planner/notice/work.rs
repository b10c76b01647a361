//! What the jobs of the page make: the notice, its map, and the files.

use std::path::Path;
use std::sync::Arc;

use egui::{ColorImage, TextureOptions};

use crate::domain::LocalizedText;
use crate::exchange::formats;
use crate::exchange::write::replace;
use crate::files::write_whole;
use crate::geodesy::crs::Crs;
use crate::map::live::layout_picture;
use crate::network::evaluate::Prepared;
use crate::report::notice::{
    NoticeRequest, blocks, layer, map, map_layout, notice, notice_on, schedule,
};
use crate::report::{docx, plain};
use crate::ui::action::{Action, Actions, PlannerAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::notice::{Drafted, Mapped, Of};

/// Of the map on the screen: half a page wide.
const SCREEN_DPI: u32 = 84;

/// The network that is there already goes along where it is of these roads.
pub fn draft(of: Of, prepared: Option<Arc<Prepared>>) -> Action {
    let asked = NoticeRequest::of(&of.plan, of.on);
    let notice = match prepared {
        Some(prepared) => notice_on(&of.world, &asked, &prepared.network, &prepared.finder()),
        None => notice(&of.world, &asked),
    };
    let rows = notice.as_ref().map(|notice| schedule(&notice.entries).rows).unwrap_or_default();
    Action::Planner(PlannerAction::Noticed(Box::new(Drafted { of, notice, rows })))
}

pub fn draw(of: Of, actions: &Actions) -> Action {
    let layout = map_layout(&of.world, &of.plan, of.on, SCREEN_DPI);
    // Why a map cannot be drawn is said when it is exported.
    let pixels = layout.ok().flatten().and_then(|layout| layout_picture(&layout).ok());
    let picture = pixels.map(|(rgba, width, height)| {
        let image = ColorImage::from_rgba_premultiplied([width as usize, height as usize], &rgba);
        actions.context().load_texture("notice map", image, TextureOptions::LINEAR)
    });
    Action::Planner(PlannerAction::Mapped(Box::new(Mapped { of, picture })))
}

/// What is written beside the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    Word,
    Plain,
    /// The schedule of signs and cameras.
    Schedule(&'static str),
}

impl Paper {
    const fn ending(self) -> &'static str {
        match self {
            Self::Word => "docx",
            Self::Plain => "txt",
            Self::Schedule(ending) => ending,
        }
    }
}

/// Asks where, then writes.
pub fn export(ctx: &Ctx<'_>, drafted: Arc<Drafted>, paper: Paper) {
    let actions = ctx.actions.clone();
    let what = match paper {
        Paper::Schedule(_) => ctx.tell("标志与摄像头设置一览", "signs and cameras"),
        _ => ctx.tell("公告", "notice"),
    };
    let name = format!("{} {what}.{}", drafted.of.plan, paper.ending());
    ctx.actions.send(Action::Work(
        "export",
        Box::new(move |_| {
            let Some(target) = actions.ask_where_to_save(&name, &what) else {
                return Action::Nothing;
            };
            let file = target.display();
            Action::Say(match write(&target, &drafted, paper) {
                Ok(()) => Toast::done(format!("已导出：{file}"), format!("written: {file}")),
                Err(LocalizedText { zh, en }) => Toast::act(
                    format!("导出失败，原文件未动：{file}（{zh}）"),
                    format!("not written, the old file is as it was: {file}: {en}"),
                ),
            })
        }),
    ));
}

fn write(target: &Path, drafted: &Drafted, paper: Paper) -> Result<(), LocalizedText> {
    let Ok(notice) = &drafted.notice else { return Ok(()) };
    match paper {
        Paper::Word => {
            let of = &drafted.of;
            let picture = map(&of.world, &of.plan, notice.date)?;
            let bytes = docx::bytes(&blocks(notice, picture), notice.date)?;
            write_whole(target, &bytes)?;
        }
        Paper::Plain => {
            let text = plain::text(&blocks(notice, None));
            write_whole(target, text.as_bytes())?;
        }
        Paper::Schedule(_) => {
            let format = formats::by_name(target)?;
            let rows = layer(&notice.entries, &Crs::Wgs84);
            replace(target, format, vec![rows])?;
        }
    }
    Ok(())
}
