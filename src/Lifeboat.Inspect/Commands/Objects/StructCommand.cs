using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Inspect.Commands.Objects;

/// <summary><c>struct</c>: the members of a type, or of an object of it.</summary>
internal sealed class StructCommand : InspectCommand
{
    public override string Name => "struct";

    public override IReadOnlyList<string> Aliases { get; } = ["union", "*"];

    public override string Summary => "a structure: its members, or what they hold at an address";

    public override string Usage =>
        """
        struct TYPE[.MEMBER] [ADDRESS|SYMBOL]

          TYPE      struct task_struct, task_struct, or any other type
          .MEMBER   only this member, also a member of a member: task_struct.se.vruntime
          ADDRESS   what an object of the type holds there, in hex, or at a symbol

        OFFSET counts bytes, of a bit field with its first bit behind a point. union and * are other names for this command.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        CrashedKernel kernel = session.Kernel;
        (string typeName, string member, string? place) = Parse(arguments);
        KernelType type = ObjectColumns.TypeOf(kernel, typeName);
        IReadOnlyList<KernelMember> members = type.Members;
        if (member.Length > 0)
        {
            members = type.TryFindMember(member, out KernelMember? found) ? [found]
                : throw ObjectColumns.NoMember(type, member);
        }

        KernelObject? value = place is null ? null : kernel.Object(type, Places.Parse(kernel, place));
        return [MemberTables.Of(type, members, value, new ObjectText(kernel))];
    }

    private static (string Type, string Member, string? Place) Parse(IReadOnlyList<string> arguments)
    {
        int words = arguments is ["struct" or "union", ..] ? 2 : 1;
        if (arguments.Count < words || arguments.Count > words + 1 || arguments[words - 1].StartsWith('-'))
        {
            throw new CommandException("struct takes a type and, if wanted, an address or a symbol");
        }

        string name = arguments[words - 1];
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        string type = dot < 0 ? name : name[..dot];
        return (
            words == 2 ? $"{arguments[0]} {type}" : type,
            dot < 0 ? "" : name[(dot + 1)..],
            arguments.Count > words ? arguments[words] : null);
    }
}
