namespace Lifeboat.Capture.Settings;

/// <content>The directives of kdump.conf that lines of others say here.</content>
public static partial class SettingDirectives
{
    private static IEnumerable<SettingDirective> Shorthands() =>
    [
        new("core_collector", null, null)
        {
            Expand = Collector,
            Accepted = "makedumpfile, then -d LEVEL, -c, -l, -p or -z, --num-threads N; options about its buffers and messages are passed over",
            Meaning = "dump_level, compression and threads in one: without -d every page is kept, without a codec none is packed",
            Unset = "what dump_level, compression and threads say",
        },
        new("default", null, null)
        {
            Expand = static value => [("failure_action", value)],
            Accepted = "what failure_action takes",
            Meaning = "its former name",
            Unset = "what failure_action says",
        },
        new("link_delay", null, null)
        {
            Expand = static value => [("net_timeout", value)],
            Accepted = "what net_timeout takes",
            Meaning = "the time for the network, which is one for card, carrier and address here",
            Unset = "what net_timeout says",
        },
        new("net", null, null)
        {
            Expand = static value => [(value.Contains('@') ? "ssh" : "nfs", value)],
            Accepted = "user@host or server:/export",
            Meaning = "the former name of ssh and nfs",
            Unset = "none: a crash cannot be saved",
            Group = TargetGroup,
        },
    ];

    private static (string Name, string Value)[]? Collector(string value)
    {
        string[] words = value.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["makedumpfile" or "/usr/sbin/makedumpfile" or "/sbin/makedumpfile", .. var rest]
            || MakedumpfileOptions.Parse(rest) is not { IsElf: false, Unknown.Count: 0 } options)
        {
            return null;
        }

        // -d LEVEL,LEVEL: the levels behind the first are for a target that is full, as on_full raise has it.
        (string, string)[] lines = [("dump_level", (options.Level ?? "0").Split(',')[0]), ("compression", options.Compression ?? "none")];
        return options.Threads is null or "0" ? lines : [.. lines, ("threads", options.Threads)];
    }
}
