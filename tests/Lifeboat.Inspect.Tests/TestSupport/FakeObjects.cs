namespace Lifeboat.Inspect.Tests.TestSupport;

/// <summary>What <see cref="FakeWorld"/> has beside tasks: files, mounts, a device of the network, interrupts, IPC, queues.</summary>
/// <remarks>
/// <code>
/// init: fd 0 /etc/motd, fd 2 /proc/version (deleted)     mounts: / (ext4), /proc (proc)      net: lo
/// interrupt 3: "clock", "spare"                          shared memory 5                     chrdev 1 mem
/// queue: worker, and a function                          lock: init holds it, worker waits
/// </code>
/// </remarks>
internal static class FakeObjects
{
    internal static TypeWriter AddTypes(TypeWriter types) => types
        .Struct("qstr", "unsigned int len", "unsigned char *name")
        .Struct(
            "dentry", "struct hlist_node d_hash", "struct dentry *d_parent", "struct qstr d_name", "struct inode *d_inode", "void *d_op")
        .Struct("path", "struct vfsmount *mnt", "struct dentry *dentry")
        .Struct("file_system_type", "char *name")
        .Struct(
            "super_block", "struct file_system_type *s_type", "char *s_subtype", "long unsigned int s_flags", "struct list_head s_inodes")
        .Struct("address_space", "long unsigned int nrpages")
        .Struct(
            "inode", "unsigned int i_mode", "long unsigned int i_ino", "long unsigned int i_size", "struct super_block *i_sb",
            "struct address_space *i_mapping", "unsigned int i_state", "struct list_head i_sb_list")
        .Struct("vfsmount", "struct dentry *mnt_root", "struct super_block *mnt_sb", "int mnt_flags")
        .Struct(
            "mount", "struct mount *mnt_parent", "struct dentry *mnt_mountpoint", "struct vfsmount mnt", "char *mnt_devname",
            "struct list_head mnt_list", "int mnt_id")
        .Struct("mnt_namespace", "unsigned int mounts", "struct list_head list")
        .Struct("file", "struct path f_path", "struct inode *f_inode", "unsigned int f_flags", "long int f_pos", "void *private_data")
        .Struct("fdtable", "unsigned int max_fds", "struct file **fd", "long unsigned int *open_fds")
        .Struct("files_struct", "struct fdtable *fdt")
        .Struct("fs_struct", "struct path root", "struct path pwd")
        .Struct("net", "struct list_head dev_base_head")
        .Struct(
            "net_device", "char name[16]", "int ifindex", "unsigned int flags", "unsigned int mtu", "struct list_head dev_list",
            "unsigned char *dev_addr", "unsigned char addr_len")
        .Struct("mutex", "struct atomic_long owner", "struct list_head wait_list")
        .Struct("mutex_waiter", "struct list_head list", "struct task_struct *task")
        .Struct("wait_queue_head", "struct list_head head")
        .Struct("wait_queue_entry", "unsigned int flags", "void *private", "void *func", "struct list_head entry")
        .Struct("irq_chip", "char *name")
        .Struct("irq_data", "unsigned int irq", "long unsigned int hwirq", "struct irq_chip *chip")
        .Struct("irqaction", "void *handler", "struct irqaction *next", "void *thread_fn", "char *name")
        .Struct(
            "irq_desc", "struct irq_data irq_data", "unsigned int *kstat_irqs", "struct irqaction *action", "unsigned int depth", "char *name")
        .Struct("kern_ipc_perm", "int id", "int key", "unsigned int mode")
        .Struct("shmid_kernel", "struct kern_ipc_perm shm_perm", "long unsigned int shm_segsz", "long unsigned int shm_nattch")
        .Struct("idr", "struct xarray idr_rt")
        .Struct("ipc_ids", "struct idr ipcs_idr")
        .Struct("ipc_namespace", "struct ipc_ids ids[3]")
        .Struct(
            "char_device_struct", "struct char_device_struct *next", "unsigned int major", "unsigned int baseminor", "int minorct",
            "char name[64]")
        .Struct("nsproxy", "struct mnt_namespace *mnt_ns", "struct net *net_ns", "struct ipc_namespace *ipc_ns");

    internal static void AddTo(FakeWorld world)
    {
        ulong spaces = world.New("struct nsproxy");
        world.Set(world.InitTask, "struct task_struct", "nsproxy", spaces);
        AddFiles(world, spaces);
        AddNetwork(world, spaces);
        AddWaiting(world);
        AddInterrupt(world);
        AddIpc(world, spaces);
        ulong device = world.New("struct char_device_struct");
        world.WriteLong(world.New("void *", "chrdevs", 255) + 8, device);
        world.Set(device, "struct char_device_struct", "major", 1);
        world.Set(device, "struct char_device_struct", "minorct", 256);
        world.WriteText(world.Place(device, "struct char_device_struct", "name"), "mem");
    }

    private static void AddFiles(FakeWorld world, ulong spaces)
    {
        ulong root = Dentry(world, "/", 0);
        ulong etc = Dentry(world, "etc", root);
        ulong file = Dentry(world, "motd", etc);
        ulong point = Dentry(world, "proc", root);
        ulong proc = Dentry(world, "/", 0);
        ulong version = Dentry(world, "version", proc, isDeleted: true);
        ulong upper = Mount(world, root, 0, 0, "/dev/vda", "ext4", 21);
        ulong lower = Mount(world, proc, upper, point, "proc", "proc", 22);
        ulong space = world.New("struct mnt_namespace");
        world.Ring(
            world.Place(space, "struct mnt_namespace", "list"),
            world.Place(upper, "struct mount", "mnt_list"),
            world.Place(lower, "struct mount", "mnt_list"));
        world.Set(spaces, "struct nsproxy", "mnt_ns", space);

        ulong table = world.New("struct fdtable");
        ulong pointers = world.New("void *", null, 64);
        ulong bits = world.New("long unsigned int");
        world.WriteLong(bits, 0b101);
        world.WriteLong(pointers, File(world, upper, file, 0x81a4));
        world.WriteLong(pointers + 16, File(world, lower, version, 0x8124));
        world.Set(table, "struct fdtable", "max_fds", 64);
        world.Set(table, "struct fdtable", "fd", pointers);
        world.Set(table, "struct fdtable", "open_fds", bits);
        ulong files = world.New("struct files_struct");
        world.Set(files, "struct files_struct", "fdt", table);
        world.Set(world.InitTask, "struct task_struct", "files", files);
        ulong folders = world.New("struct fs_struct");
        world.Set(folders, "struct fs_struct", "root.mnt", world.Place(upper, "struct mount", "mnt"));
        world.Set(folders, "struct fs_struct", "root.dentry", root);
        world.Set(folders, "struct fs_struct", "pwd.mnt", world.Place(upper, "struct mount", "mnt"));
        world.Set(folders, "struct fs_struct", "pwd.dentry", etc);
        world.Set(world.InitTask, "struct task_struct", "fs", folders);
    }

    private static ulong Dentry(FakeWorld world, string name, ulong parent, bool isDeleted = false)
    {
        ulong dentry = world.New("struct dentry");
        world.Set(dentry, "struct dentry", "d_parent", parent == 0 ? dentry : parent);
        world.Set(dentry, "struct dentry", "d_name.name", Text(world, name));
        world.Set(dentry, "struct dentry", "d_name.len", (ulong)name.Length);
        world.Set(dentry, "struct dentry", "d_hash.pprev", isDeleted ? 0 : dentry);
        return dentry;
    }

    private static ulong Mount(FakeWorld world, ulong root, ulong parent, ulong point, string device, string kind, ulong number)
    {
        ulong mount = world.New("struct mount");
        ulong super = world.New("struct super_block");
        ulong type = world.New("struct file_system_type");
        world.Set(type, "struct file_system_type", "name", Text(world, kind));
        world.Set(super, "struct super_block", "s_type", type);
        world.Clear(world.Place(super, "struct super_block", "s_inodes"));
        world.Set(mount, "struct mount", "mnt_parent", parent == 0 ? mount : parent);
        world.Set(mount, "struct mount", "mnt_mountpoint", point == 0 ? root : point);
        world.Set(mount, "struct mount", "mnt.mnt_root", root);
        world.Set(mount, "struct mount", "mnt.mnt_sb", super);
        world.Set(mount, "struct mount", "mnt.mnt_flags", parent == 0 ? 0UL : 0x40);
        world.Set(mount, "struct mount", "mnt_devname", Text(world, device));
        world.Set(mount, "struct mount", "mnt_id", number);
        return mount;
    }

    private static ulong File(FakeWorld world, ulong mount, ulong dentry, ulong mode)
    {
        ulong inode = world.New("struct inode");
        ulong pages = world.New("struct address_space");
        world.Set(pages, "struct address_space", "nrpages", 3);
        world.Set(inode, "struct inode", "i_mode", mode);
        world.Set(inode, "struct inode", "i_ino", 77);
        world.Set(inode, "struct inode", "i_mapping", pages);
        ulong file = world.New("struct file");
        world.Set(file, "struct file", "f_path.mnt", world.Place(mount, "struct mount", "mnt"));
        world.Set(file, "struct file", "f_path.dentry", dentry);
        world.Set(file, "struct file", "f_inode", inode);
        return file;
    }

    private static void AddNetwork(FakeWorld world, ulong spaces)
    {
        ulong network = world.New("struct net", "init_net");
        ulong device = world.New("struct net_device");
        world.WriteText(world.Place(device, "struct net_device", "name"), "lo");
        world.Set(device, "struct net_device", "ifindex", 1);
        world.Set(device, "struct net_device", "flags", 1);
        world.Set(device, "struct net_device", "mtu", 65536);
        world.Set(device, "struct net_device", "addr_len", 6);
        world.Set(device, "struct net_device", "dev_addr", Text(world, "\u0002abcde"));
        world.Ring(world.Place(network, "struct net", "dev_base_head"), world.Place(device, "struct net_device", "dev_list"));
        world.Set(spaces, "struct nsproxy", "net_ns", network);
    }

    private static void AddWaiting(FakeWorld world)
    {
        ulong queue = world.New("struct wait_queue_head", "queue");
        ulong entry = world.New("struct wait_queue_entry");
        ulong other = world.New("struct wait_queue_entry");
        world.Set(entry, "struct wait_queue_entry", "private", world.Worker);
        world.Set(entry, "struct wait_queue_entry", "func", FakeWorld.Start + 0x10);
        world.Set(other, "struct wait_queue_entry", "func", FakeWorld.Start + 0x10);
        world.Ring(
            world.Place(queue, "struct wait_queue_head", "head"),
            world.Place(entry, "struct wait_queue_entry", "entry"),
            world.Place(other, "struct wait_queue_entry", "entry"));

        ulong mutex = world.New("struct mutex", "lock");
        ulong waiter = world.New("struct mutex_waiter");
        world.Set(mutex, "struct mutex", "owner.counter", world.InitTask | 1);
        world.Set(waiter, "struct mutex_waiter", "task", world.Worker);
        world.Ring(world.Place(mutex, "struct mutex", "wait_list"), world.Place(waiter, "struct mutex_waiter", "list"));
    }

    private static void AddInterrupt(FakeWorld world)
    {
        ulong chip = world.New("struct irq_chip");
        world.Set(chip, "struct irq_chip", "name", Text(world, "CHIP"));
        ulong spare = world.New("struct irqaction");
        world.Set(spare, "struct irqaction", "name", Text(world, "spare"));
        world.Set(spare, "struct irqaction", "handler", FakeWorld.Start + 0x10);
        ulong clock = world.New("struct irqaction");
        world.Set(clock, "struct irqaction", "name", Text(world, "clock"));
        world.Set(clock, "struct irqaction", "handler", FakeWorld.Start + 0x10);
        world.Set(clock, "struct irqaction", "next", spare);
        ulong line = world.New("struct irq_desc");
        world.Set(line, "struct irq_desc", "irq_data.irq", 3);
        world.Set(line, "struct irq_desc", "irq_data.hwirq", 17);
        world.Set(line, "struct irq_desc", "irq_data.chip", chip);
        world.Set(line, "struct irq_desc", "action", clock);
        world.Set(line, "struct irq_desc", "name", Text(world, "edge"));
        ulong tree = world.New("struct xarray", "irq_desc_tree");
        world.Set(tree, "struct xarray", "xa_head", line);
    }

    private static void AddIpc(FakeWorld world, ulong spaces)
    {
        ulong memory = world.New("struct shmid_kernel");
        world.Set(memory, "struct shmid_kernel", "shm_perm.id", 5);
        world.Set(memory, "struct shmid_kernel", "shm_perm.key", 0xff000001);
        world.Set(memory, "struct shmid_kernel", "shm_perm.mode", 0x1b0);
        world.Set(memory, "struct shmid_kernel", "shm_segsz", 4096);
        world.Set(memory, "struct shmid_kernel", "shm_nattch", 2);
        ulong space = world.New("struct ipc_namespace", "init_ipc_ns");
        world.WriteLong(space + 32 + 8, memory); // the third xarray's xa_head
        world.Set(spaces, "struct nsproxy", "ipc_ns", space);
    }

    private static ulong Text(FakeWorld world, string text)
    {
        ulong place = world.New("char", null, text.Length + 1);
        world.WriteText(place, text);
        return place;
    }
}
