namespace Lifeboat.Inspect.Tests.TestSupport;

/// <summary>The types of <see cref="FakeWorld"/>: the kernel's, with fewer members.</summary>
internal static class FakeTypes
{
    internal static byte[] Write() => new TypeWriter()
        .Alias("pid_t", "int")
        .Struct("list_head", "struct list_head *next", "struct list_head *prev")
        .Struct("hlist_node", "struct hlist_node *next", "struct hlist_node **pprev")
        .Struct("hlist_head", "struct hlist_node *first")
        .Struct("rb_node", "long unsigned int __rb_parent_color", "struct rb_node *rb_right", "struct rb_node *rb_left")
        .Struct("rb_root", "struct rb_node *rb_node")
        .Struct("rb_root_cached", "struct rb_root rb_root", "struct rb_node *rb_leftmost")
        .Struct("xa_node", "unsigned char shift", "void *slots[64]")
        .Struct("xarray", "unsigned int xa_flags", "void *xa_head")
        .Struct("maple_range_64", "long unsigned int pivot[15]", "void *slot[16]")
        .Struct("maple_arange_64", "long unsigned int pivot[9]", "void *slot[10]")
        .Struct("maple_node", "struct maple_range_64 mr64", "struct maple_arange_64 ma64")
        .Struct("maple_tree", "void *ma_root")
        .Struct("chained", "struct hlist_node node")
        .Struct("cpumask", "long unsigned int bits[1]")
        .Struct("mm_struct", "void *pgd", "long unsigned int total_vm")
        .Struct("signal_struct", "struct list_head thread_head")
        .Struct("sched_info", "long unsigned int last_arrival")
        .Struct("sched_entity", "struct rb_node run_node", "struct cfs_rq *my_q", "long unsigned int vruntime")
        .Struct("sched_rt_entity", "struct list_head run_list")
        .Struct("cfs_rq", "struct rb_root_cached tasks_timeline")
        .Struct("rt_prio_array", "struct list_head queue[4]")
        .Struct("rt_rq", "struct rt_prio_array active")
        .Struct(
            "task_struct",
            "unsigned int __state",
            "int exit_state",
            "int on_cpu",
            "unsigned int flags",
            "int prio",
            "pid_t pid",
            "pid_t tgid",
            "unsigned int first:3",
            "unsigned int second:5",
            "enum state kind",
            "char comm[16]",
            "int numbers[4]",
            "struct list_head tasks",
            "struct list_head thread_node",
            "struct task_struct *real_parent",
            "struct list_head children",
            "struct list_head sibling",
            "struct sched_info sched_info",
            "long unsigned int start_time",
            "long unsigned int utime",
            "long unsigned int stime",
            "struct signal_struct *signal",
            "struct mm_struct *mm",
            "void *stack",
            "int () *handler",
            "struct sched_entity se",
            "struct sched_rt_entity rt",
            "unsigned int cpu")
        .Struct("rq", "unsigned int nr_running", "long unsigned int clock", "struct cfs_rq cfs", "struct rt_rq rt", "struct task_struct *curr", "struct task_struct *idle")
        .Struct("module_layout", "void *base", "unsigned int size")
        .Struct("module", "struct list_head list", "char name[16]", "struct module_layout core_layout", "struct module_layout init_layout")
        .Variable("runqueues", "struct rq")
        .Write();
}
