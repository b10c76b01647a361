//! What a person can invoke: its words, icon and shortcut. Menus, buttons, tooltips and the key
//! sheet all come from this table.

use egui::{Key, KeyboardShortcut, Modifiers};
use lucide_icons::Icon;

use crate::domain::Text;

/// One row of the table.
pub struct About {
    pub words: Text,
    pub icon: Icon,
    pub key: Option<KeyboardShortcut>,
    pub group: Group,
}

/// Where a command belongs in menu, palette and key sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    File,
    Window,
    Map,
    Time,
    Records,
    Episodes,
    Plans,
    Meeting,
}

impl Group {
    /// In the order of the key sheet.
    pub const ALL: [Self; 8] = [
        Self::Window,
        Self::Time,
        Self::Map,
        Self::File,
        Self::Records,
        Self::Episodes,
        Self::Plans,
        Self::Meeting,
    ];

    /// Its heading.
    pub const fn title(self) -> Text {
        match self {
            Self::File => Text::new("文件与数据", "Files and data"),
            Self::Window => Text::new("窗口", "Window"),
            Self::Map => Text::new("地图与画图", "Map and drawing"),
            Self::Records => Text::new("记录与表格", "Records and table"),
            Self::Time => Text::new("时间与空气", "Time and air"),
            Self::Episodes => Text::new("高值处置", "High values"),
            Self::Plans => Text::new("方案", "Plans"),
            Self::Meeting => Text::new("会商", "Meeting"),
        }
    }
}

macro_rules! commands {
    ($($group:ident { $($name:ident: $zh:literal, $en:literal, $icon:ident, $key:expr;)* })*) => {
        /// What a person can invoke.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Command { $($($name,)*)* }

        impl Command {
            /// In the order of the key sheet.
            pub const ALL: &[Self] = &[$($(Self::$name,)*)*];

            /// Its row of the table.
            pub const fn about(self) -> About {
                match self {
                    $($(Self::$name => About {
                        words: Text::new($zh, $en),
                        icon: Icon::$icon,
                        key: $key,
                        group: Group::$group,
                    },)*)*
                }
            }
        }
    };
}

#[expect(clippy::unnecessary_wraps, reason = "the column of a table in which some have no key")]
const fn ctrl(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::COMMAND, key))
}

#[expect(clippy::unnecessary_wraps, reason = "the column of a table in which some have no key")]
const fn ctrl_shift(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key))
}

#[expect(clippy::unnecessary_wraps, reason = "the column of a table in which some have no key")]
const fn alone(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::NONE, key))
}

#[expect(clippy::unnecessary_wraps, reason = "the column of a table in which some have no key")]
const fn alt(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::ALT, key))
}

#[expect(clippy::unnecessary_wraps, reason = "the column of a table in which some have no key")]
const fn shift(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::SHIFT, key))
}

commands! {
    File {
        Open: "打开区域文件", "Open a district", FolderOpen, ctrl(Key::O);
        New: "新建区域文件", "New district", FilePlus, ctrl(Key::N);
        Setup: "建区清单", "What the district lacks", ListChecks, ctrl_shift(Key::N);
        Sample: "打开示例区域", "Open the sample", MapPinned, ctrl_shift(Key::O);
        Import: "导入数据", "Import data", Import, ctrl(Key::I);
        Feeds: "自动接入数据", "Live feeds", Antenna, ctrl_shift(Key::I);
        Export: "导出", "Export", FileDown, ctrl(Key::E);
        Print: "打印地图", "Print the map", Printer, ctrl(Key::P);
        Brief: "生成周报、纪要", "Brief or minutes", FileText, ctrl_shift(Key::B);
        Backup: "立即备份", "Back up now", DatabaseBackup, ctrl(Key::S);
        Compact: "压缩区域文件", "Compact the file", FoldVertical, ctrl_shift(Key::S);
        Undo: "撤销", "Undo", Undo2, ctrl(Key::Z);
        Redo: "重做", "Redo", Redo2, ctrl(Key::Y);
        History: "历史记录", "History", History, ctrl(Key::H);
        Quit: "退出", "Quit", LogOut, ctrl(Key::Q);
    }
    Window {
        Situation: "态势", "Situation", Map, alone(Key::W);
        Planner: "方案", "Plans", Route, alone(Key::G);
        Air: "空气", "Air", Wind, alone(Key::Q);
        Ledger: "台账", "Ledger", ClipboardList, alone(Key::U);
        HighValues: "高值", "High values", Siren, alone(Key::H);
        Meeting: "会商", "Meeting", Presentation, alone(Key::M);
        Palette: "命令", "Commands", Command, ctrl(Key::K);
        Keys: "快捷键", "Keys", Keyboard, alone(Key::F1);
        StepBack: "退一步", "One step back", CornerUpLeft, alone(Key::Escape);
        Left: "图层面板", "Layers panel", PanelLeft, alone(Key::F8);
        Layers: "图层", "Layers", Layers, alone(Key::L);
        Right: "卡片面板", "Card panel", PanelRight, alone(Key::F9);
        Bottom: "表格", "Table", Table2, alone(Key::F10);
        Dock: "下方面板", "Panel below", PanelBottom, shift(Key::F10);
        Big: "大屏", "Big screen", Maximize, alone(Key::F11);
        Larger: "界面放大", "Larger letters", AArrowUp, ctrl(Key::Equals);
        Smaller: "界面缩小", "Smaller letters", AArrowDown, ctrl(Key::Minus);
        NaturalSize: "界面原大", "Letters as usual", ALargeSmall, ctrl(Key::Num0);
        Theme: "切换明暗", "Light or dark", SunMoon, ctrl_shift(Key::D);
        Language: "English", "中文", Languages, ctrl_shift(Key::L);
        Settings: "设置", "Settings", Settings, ctrl(Key::Comma);
    }
    Map {
        ZoomIn: "放大", "Zoom in", Plus, alone(Key::Plus);
        ZoomOut: "缩小", "Zoom out", Minus, alone(Key::Minus);
        Home: "全区", "Whole district", House, alone(Key::Home);
        ZoomToSelection: "缩放到所选", "Zoom to the selection", Crosshair, alone(Key::Z);
        ViewBack: "上一视图", "Previous view", ArrowLeft, alt(Key::ArrowLeft);
        ViewForward: "下一视图", "Next view", ArrowRight, alt(Key::ArrowRight);
        Bookmark: "收藏当前视图", "Bookmark this view", BookmarkPlus, ctrl(Key::B);
        CopyMap: "复制地图为图片", "Copy the map as a picture", ImageDown, ctrl_shift(Key::C);
        CopyPlace: "复制坐标", "Copy the coordinates", Copy, alt(Key::C);
        Select: "选择", "Select", MousePointer2, alone(Key::V);
        DrawPoint: "画点", "Draw a point", MapPin, alone(Key::Num5);
        DrawLine: "画线", "Draw a line", Spline, alone(Key::Num7);
        DrawArea: "画面", "Draw an area", Pentagon, alone(Key::Num8);
        Measure: "测量", "Measure", Ruler, alone(Key::Num6);
        EditShape: "编辑形状", "Edit the shape", VectorSquare, alone(Key::E);
        Snap: "捕捉开关", "Snapping on or off", Magnet, alone(Key::S);
        Drafts: "恢复草图", "Recover a draft", PencilLine, alone(Key::R);
        CloseDraft: "放弃草图", "Discard the draft", X, shift(Key::R);
    }
    Records {
        Search: "搜索", "Search", Search, ctrl(Key::F);
        ClearFilter: "清除筛选", "Clear the filter", FilterX, ctrl_shift(Key::F);
        OnScreen: "只列屏幕内", "Only what is on screen", Scan, alone(Key::O);
        NextRow: "下一条", "Next record", ChevronDown, alone(Key::J);
        PreviousRow: "上一条", "Previous record", ChevronUp, alone(Key::K);
        Delete: "删除所选", "Delete the selection", Trash2, alone(Key::Delete);
    }
    Time {
        Earlier: "时间前移", "Earlier", ChevronLeft, alone(Key::Comma);
        Later: "时间后移", "Later", ChevronRight, alone(Key::Period);
        DayEarlier: "前一天", "A day earlier", ChevronsLeft, shift(Key::Comma);
        DayLater: "后一天", "A day later", ChevronsRight, shift(Key::Period);
        Play: "播放、暂停", "Play or stop", Play, alone(Key::Space);
        Live: "回到实时", "Back to now", Radio, shift(Key::I);
        NextQuantity: "换污染物", "Next pollutant", Gauge, alone(Key::I);
    }
    Episodes {
        NextStep: "下一步：签收、到场、处置、核查、结案", "The next step of an episode", ListTodo, alone(Key::Enter);
        DispatchOrders: "复制调度令", "Copy the orders", Megaphone, ctrl_shift(Key::K);
        NextEpisode: "下一起", "Next episode", ArrowDown, alone(Key::N);
        PreviousEpisode: "上一起", "Previous episode", ArrowUp, shift(Key::N);
    }
    Plans {
        NewPlan: "复制为新方案", "Duplicate the plan", CopyPlus, ctrl(Key::D);
        DrawNoEntry: "画禁行线", "Draw a no-entry line", Ban, alone(Key::Num1);
        DrawOneWay: "画单行线", "Draw a one-way line", MoveRight, alone(Key::Num2);
        DrawLimited: "画限行区", "Draw a limited area", TriangleAlert, alone(Key::Num3);
        DrawDetour: "画绕行线", "Draw a detour", Milestone, alone(Key::Num4);
        RingBlocks: "圈内街区限行", "Limit the blocks in a ring", Hexagon, alone(Key::Num9);
        FreeWay: "两点查路线", "Way between two places", Waypoints, ctrl_shift(Key::A);
        BanTurns: "画禁止转向", "Ban turns at junctions", CornerUpRight, ctrl_shift(Key::T);
    }
    Meeting {
        Overview: "总览", "Overview", ChartColumn, alone(Key::Num0);
        Decide: "记一条决定", "Take a decision", Gavel, ctrl(Key::J);
        StartDecision: "所选决定 办理中", "Selected decisions: under way", CircleDot, ctrl_shift(Key::Enter);
        CloseDecision: "所选决定 完成", "Selected decisions: done", CircleCheck, ctrl(Key::Enter);
        DropDecision: "所选决定 撤销", "Selected decisions: drop", CircleX, ctrl_shift(Key::X);
        Pen: "画笔", "Pen", PenLine, alone(Key::P);
    }
}

impl Command {
    /// A single letter or figure: dead while somebody types.
    pub fn is_single_key(self) -> bool {
        self.about().key.is_some_and(|key| {
            let has_modifier = key.modifiers.alt || key.modifiers.ctrl || key.modifiers.command;
            !has_modifier && !is_of_panels(key.logical_key)
        })
    }

    /// Those of a group, in the order of the key sheet.
    pub fn of(group: Group) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |command| command.about().group == group)
    }
}

/// Keys that are nobody's text.
pub const fn is_of_panels(key: Key) -> bool {
    matches!(key, Key::F1 | Key::F8 | Key::F9 | Key::F10 | Key::F11)
}

/// `Ctrl+Shift+Z` as Chinese keyboards print it.
pub fn key_text(key: KeyboardShortcut) -> String {
    let mut text = String::new();
    let Modifiers { alt, ctrl, shift, command, .. } = key.modifiers;
    for (is_held, name) in [(ctrl || command, "Ctrl+"), (shift, "Shift+"), (alt, "Alt+")] {
        if is_held {
            text.push_str(name);
        }
    }
    text.push_str(match key.logical_key {
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::Plus => "+",
        Key::Minus => "-",
        Key::Comma => ",",
        Key::Equals => "=",
        Key::Escape => "Esc",
        Key::Period => ".",
        other => other.name(),
    });
    text
}
