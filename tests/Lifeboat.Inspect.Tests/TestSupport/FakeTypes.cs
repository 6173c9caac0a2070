namespace Lifeboat.Inspect.Tests.TestSupport;

/// <summary>The types of <see cref="FakeWorld"/>: the kernel's, with fewer members.</summary>
internal static class FakeTypes
{
    internal static byte[] Write() => FakeObjects.AddTypes(Tasks()).Write();

    private static TypeWriter Tasks() => new TypeWriter()
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
        .Struct("atomic", "int counter")
        .Struct("atomic_long", "long int counter")
        .Struct("mm_rss_stat", "struct atomic_long count[4]")
        .Struct(
            "mm_struct",
            "void *pgd",
            "long unsigned int total_vm",
            "struct maple_tree mm_mt",
            "struct mm_rss_stat rss_stat",
            "long unsigned int brk",
            "long unsigned int start_brk",
            "long unsigned int start_stack")
        .Struct(
            "vm_area_struct",
            "long unsigned int vm_start",
            "long unsigned int vm_end",
            "long unsigned int vm_flags",
            "long unsigned int vm_pgoff",
            "struct file *vm_file",
            "void *vm_ops",
            "void *vm_private_data")
        .Struct(
            "swap_info_struct", "long unsigned int flags", "int prio", "unsigned int pages", "unsigned int inuse_pages", "struct file *swap_file")
        .Struct(
            "page",
            "long unsigned int flags",
            "long unsigned int compound_head",
            "long unsigned int mapping",
            "long unsigned int index",
            "long unsigned int private",
            "struct list_head lru",
            "struct list_head slab_list",
            "struct page *next",
            "struct kmem_cache *slab_cache",
            "void *freelist",
            "long unsigned int counters",
            "unsigned int inuse:16",
            "unsigned int objects:15",
            "unsigned int frozen:1",
            "int _mapcount",
            "unsigned int page_type",
            "int _refcount")
        .Struct("kmem_cache_order_objects", "unsigned int x")
        .Struct("kmem_cache_cpu", "void *freelist", "struct page *page", "struct page *partial")
        .Struct(
            "kmem_cache_node",
            "struct list_head partial",
            "struct atomic_long nr_slabs",
            "struct atomic_long total_objects")
        .Struct(
            "kmem_cache",
            "struct kmem_cache_cpu *cpu_slab",
            "unsigned int size",
            "unsigned int object_size",
            "unsigned int offset",
            "struct kmem_cache_order_objects oo",
            "struct kmem_cache_order_objects min",
            "char *name",
            "struct list_head list",
            "long unsigned int random",
            "struct kmem_cache_node *node[1]")
        .Struct("free_area", "struct list_head free_list[2]", "long unsigned int nr_free")
        .Struct("per_cpu_pages", "int count")
        .Struct(
            "zone",
            "long unsigned int _watermark[3]",
            "struct per_cpu_pages *per_cpu_pageset",
            "long unsigned int zone_start_pfn",
            "struct atomic_long managed_pages",
            "long unsigned int spanned_pages",
            "long unsigned int present_pages",
            "char *name",
            "struct free_area free_area[2]",
            "struct atomic_long vm_stat[1]")
        .Struct(
            "pglist_data",
            "struct zone node_zones[1]",
            "long unsigned int node_start_pfn",
            "long unsigned int node_present_pages",
            "long unsigned int node_spanned_pages",
            "struct atomic_long vm_stat[1]")
        .Struct("vm_struct", "void *addr", "long unsigned int flags", "void *caller", "long unsigned int nr_pages", "long unsigned int phys_addr")
        .Struct("vmap_area", "long unsigned int va_start", "long unsigned int va_end", "struct rb_node rb_node", "struct vm_struct *vm")
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
            "struct files_struct *files",
            "struct fs_struct *fs",
            "struct nsproxy *nsproxy",
            "int () *handler",
            "struct sched_entity se",
            "struct sched_rt_entity rt",
            "unsigned int cpu")
        .Struct("rq", "unsigned int nr_running", "long unsigned int clock", "struct cfs_rq cfs", "struct rt_rq rt", "struct task_struct *curr", "struct task_struct *idle", "struct kmem_cache_cpu slabs")
        .Struct("module_layout", "void *base", "unsigned int size")
        .Struct("module", "struct list_head list", "char name[16]", "struct module_layout core_layout", "struct module_layout init_layout", "long unsigned int taints", "struct atomic refcnt")
        .Variable("runqueues", "struct rq");
}
