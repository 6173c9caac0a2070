using Lifeboat.Symbols.Types;

namespace Lifeboat.Symbols.Tests.TestSupport;

/// <summary>Types of tasks, stacks and modules as a kernel has them, at places of this project's own choosing.</summary>
internal static class TaskTypes
{
    internal const int TaskStack = 0x18;
    internal const int TaskSp = 0x30;
    internal const int ShadowStack = 0x40;
    internal const int Probes = 0x50;

    internal static BtfWriter Write(bool isOldModule = false, bool isHotCpu = false, bool isOldProbe = false)
    {
        var writer = new BtfWriter();
        int number = writer.Int("unsigned long", 8, isSigned: false);
        int half = writer.Int("unsigned int", 4, isSigned: false);
        int letter = writer.Int("char", 1);
        int pointer = writer.Pointer(0);
        int link = writer.Structure(BtfKind.Struct, "llist_node", 8, ("next", pointer, 0, 0));
        int chain = writer.Structure(BtfKind.Struct, "llist_head", 8, ("first", pointer, 0, 0));
        int list = writer.Structure(BtfKind.Struct, "list_head", 16, ("next", pointer, 0, 0), ("prev", pointer, 64, 0));
        int thread = writer.Structure(BtfKind.Struct, "thread_struct", 0x10, ("sp", number, 64, 0));
        _ = writer.Structure(BtfKind.Struct, "task_struct", 0x100,
            ("stack", pointer, TaskStack * 8, 0), ("thread", thread, (TaskSp - 8) * 8, 0),
            ("ret_stack", pointer, ShadowStack * 8, 0),
            (isOldProbe ? "kretprobe_instances" : "rethooks", chain, Probes * 8, 0));
        _ = writer.Structure(BtfKind.Struct, "inactive_task_frame", 56,
            ("r15", number, 0, 0), ("r14", number, 64, 0), ("r13", number, 128, 0), ("r12", number, 192, 0),
            ("bx", number, 256, 0), ("bp", number, 320, 0), ("ret_addr", number, 384, 0));
        _ = writer.Structure(BtfKind.Struct, "ftrace_ret_stack", 32,
            ("ret", number, 0, 0), ("func", number, 64, 0), ("fp", number, 128, 0), ("retp", pointer, 192, 0));
        _ = isOldProbe
            ? writer.Structure(BtfKind.Struct, "kretprobe_instance", 40,
                ("llist", link, 64, 0), ("ret_addr", pointer, 192, 0), ("fp", pointer, 256, 0))
            : writer.Structure(BtfKind.Struct, "rethook_node", 48,
                ("llist", link, 128, 0), ("ret_addr", number, 256, 0), ("frame", number, 320, 0));
        int stack = writer.Array(letter, half, 0x2000);
        int guard = writer.Array(letter, half, 0x1000);
        _ = writer.Structure(BtfKind.Struct, "irq_stack", 0x4000, ("stack", writer.Array(letter, half, 0x4000), 0, 0));
        int exceptions = writer.Structure(BtfKind.Struct, "cea_exception_stacks", 0x7000,
            ("DF_stack_guard", guard, 0, 0), ("DF_stack", stack, 0x1000 * 8, 0),
            ("NMI_stack_guard", guard, 0x3000 * 8, 0), ("NMI_stack", stack, 0x4000 * 8, 0), ("IST_top_guard", guard, 0x6000 * 8, 0));
        int entry = writer.Structure(BtfKind.Struct, "entry_stack", 512, ("words", number, 0, 0));
        int page = writer.Structure(BtfKind.Struct, "entry_stack_page", 4096, ("stack", entry, 0, 0));
        _ = writer.Structure(BtfKind.Struct, "cpu_entry_area", 0xa000,
            ("entry_stack_page", page, 0x1000 * 8, 0), ("estacks", exceptions, 0x3000 * 8, 0));
        if (isHotCpu)
        {
            _ = writer.Structure(BtfKind.Struct, "pcpu_hot", 64, ("hardirq_stack_ptr", pointer, 128, 0));
        }

        int arch = writer.Structure(BtfKind.Struct, "mod_arch_specific", 24,
            ("num_orcs", half, 0, 0), ("orc_unwind_ip", pointer, 64, 0), ("orc_unwind", pointer, 128, 0));
        if (isOldModule)
        {
            int layout = writer.Structure(BtfKind.Struct, "module_layout", 24,
                ("base", pointer, 0, 0), ("size", half, 64, 0), ("text_size", half, 96, 0));
            _ = writer.Structure(BtfKind.Struct, "module", 0x100, ("list", list, 64, 0), ("name", letter, 192, 0),
                ("core_layout", layout, 0x60 * 8, 0), ("init_layout", layout, 0x80 * 8, 0), ("arch", arch, 0xa0 * 8, 0));
        }
        else
        {
            int part = writer.Structure(BtfKind.Struct, "module_memory", 32, ("base", pointer, 0, 0), ("size", half, 128, 0));
            _ = writer.Enum("mod_mem_type", false, ("MOD_TEXT", 0), ("MOD_DATA", 1), ("MOD_INIT_TEXT", 2));
            _ = writer.Structure(BtfKind.Struct, "module", 0x100, ("list", list, 64, 0), ("name", letter, 192, 0),
                ("mem", writer.Array(part, half, 3), 0x60 * 8, 0), ("arch", arch, 0xd0 * 8, 0));
        }

        return writer;
    }
}
