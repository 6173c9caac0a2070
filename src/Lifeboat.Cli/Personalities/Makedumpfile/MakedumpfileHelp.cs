namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>What <c>-h</c> and <c>-v</c> print.</summary>
internal static class MakedumpfileHelp
{
    /// <summary>The page of <c>-h</c>, without the last line's end.</summary>
    public const string Text =
        """
        NAME
            makedumpfile - write a dump anew with fewer pages, done by lifeboat

        SYNOPSIS
            makedumpfile [OPTIONS] VMCORE DUMPFILE
            makedumpfile -F [OPTIONS] VMCORE
            makedumpfile -R DUMPFILE
            makedumpfile --split [OPTIONS] VMCORE DUMPFILE1 DUMPFILE2 [DUMPFILE3 ...]
            makedumpfile --reassemble DUMPFILE1 DUMPFILE2 [DUMPFILE3 ...] DUMPFILE
            makedumpfile --dump-dmesg [--partial-dmesg] VMCORE LOGFILE
            makedumpfile --mem-usage /proc/kcore

        DESCRIPTION
            This is lifeboat, called by the name of makedumpfile: options, messages and exit codes are those of makedumpfile
            1.7.9. VMCORE may be of any format that lifeboat reads, whatever its name. Kernel images and VMCOREINFO files are not
            needed: a dump says itself which page is what.

        OPTIONS
            -c, -l, -p, -z
                Pack pages with zlib, lzo, snappy or zstd. Without one of them pages are stored as they are.
            -d LEVEL[,LEVEL...]
                Leave pages out: the sum of 1 zero, 2 cache, 4 cache with private data, 8 user, 16 free pages. With several
                levels, the next is tried when the file system is full or -L is reached.
            -E
                Write ELF, for gdb; never packed.
            -F
                Write a flattened dump to standard output; messages go to standard error.
            -R
                Write the flattened dump on standard input to DUMPFILE as what it stands for.
            -f
                Overwrite DUMPFILE.
            -L SIZE
                Write SIZE bytes at the most, or nothing: the size is worked out first, which takes as long again. K, M, G, T may
                follow the number.
            --split, --reassemble
                Write several files, each with its share of the pages; make one file of these.
            --num-threads N
                Threads that compress.
            --dump-dmesg, --partial-dmesg
                Write the kernel's log; only what came after it was last cleared.
            --mem-usage
                Count pages by what could be left out.
            --dry-run
                Do all the work, and write nothing.
            --show-stats
                Tell how many pages of each kind there were.
            -x VMLINUX, -i VMCOREINFO
                Exit with 2 when this file is of another kernel than the dump: by build id, by release.
            --vtop ADDRESS
                Tell where a kernel's address is in physical memory.
            --message-level N
                Tell the sum of 1 progress, 2 common, 4 error, 8 debugging, 16 report messages. Default: 7.
            -D, --check-params, -h, --help, -v
                Tell more; only check the command line; print this page; print the version.
            -b, --cyclic-buffer, --non-mmap, --splitblock-size, --work-dir
                Taken, and nothing is done about them: memory is constant without them.
            -e, -g, -X, --config, --eppic, --extension, --diskset, --xen-syms, --xen-vmcoreinfo, --xen_phys_start
                Refused, each with what to do instead.

        EXIT STATUS
            0
                done
            1
                it could not be done
            2
                VMLINUX or VMCOREINFO is of another kernel than VMCORE

        """;

    /// <summary>What <c>-v</c> prints, without the last line's end; scripts look here for the codecs.</summary>
    public static string VersionText { get; } =
        $"makedumpfile: version {MakedumpfilePersonality.Version} (lifeboat {LifeboatCommand.Version})\n"
        + "lzo\tenabled\nsnappy\tenabled\nzstd\tenabled\n";
}
