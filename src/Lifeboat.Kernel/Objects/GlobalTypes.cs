using System.Diagnostics.CodeAnalysis;

namespace Lifeboat.Kernel.Objects;

/// <summary>Types of the kernel's global variables, which its type data (BTF) does not have.</summary>
/// <remarks>Those that are looked at here or by hand; any other takes a cast.</remarks>
public static class GlobalTypes
{
    private static readonly Dictionary<string, string> ByName = new(StringComparer.Ordinal)
    {
        ["init_task"] = "struct task_struct",
        ["init_mm"] = "struct mm_struct",
        ["init_net"] = "struct net",
        ["init_pid_ns"] = "struct pid_namespace",
        ["init_uts_ns"] = "struct uts_namespace",
        ["init_user_ns"] = "struct user_namespace",
        ["init_nsproxy"] = "struct nsproxy",
        ["init_cred"] = "struct cred",
        ["init_files"] = "struct files_struct",
        ["init_fs"] = "struct fs_struct",
        ["init_css_set"] = "struct css_set",
        ["root_task_group"] = "struct task_group",
        ["modules"] = "struct list_head",
        ["slab_caches"] = "struct list_head",
        ["super_blocks"] = "struct list_head",
        ["net_namespace_list"] = "struct list_head",
        ["vmap_area_list"] = "struct list_head",
        ["clocksource_list"] = "struct list_head",
        ["crypto_alg_list"] = "struct list_head",
        ["workqueues"] = "struct list_head",
        ["vmap_area_root"] = "struct rb_root",
        ["iomem_resource"] = "struct resource",
        ["ioport_resource"] = "struct resource",
        ["tainted_mask"] = "unsigned long",
        ["jiffies"] = "unsigned long",
        ["jiffies_64"] = "u64",
        ["high_memory"] = "void *",
        ["max_pfn"] = "unsigned long",
        ["min_low_pfn"] = "unsigned long",
        ["totalram_pages"] = "atomic_long_t",
        ["_totalram_pages"] = "atomic_long_t",
        ["vm_stat"] = "atomic_long_t",
        ["nr_cpu_ids"] = "unsigned int",
        ["nr_threads"] = "int",
        ["panic_cpu"] = "atomic_t",
        ["crashing_cpu"] = "int",
        ["panic_timeout"] = "int",
        ["panic_on_oops"] = "int",
        ["saved_command_line"] = "char *",
        ["boot_cpu_data"] = "struct cpuinfo_x86",
        ["avenrun"] = "unsigned long",
        ["__cpu_possible_mask"] = "struct cpumask",
        ["__cpu_online_mask"] = "struct cpumask",
        ["__per_cpu_offset"] = "unsigned long",
    };

    /// <summary>The names that are known, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The type of a variable, as C writes it; of an array that of its elements.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out string? type) => ByName.TryGetValue(name, out type);
}
