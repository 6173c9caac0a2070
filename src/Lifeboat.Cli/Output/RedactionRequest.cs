using Lifeboat.Kernel.Erasing;

namespace Lifeboat.Cli.Output;

/// <summary>What a dump is looked through for.</summary>
internal sealed class RedactionRequest
{
    /// <summary>What was to be erased.</summary>
    public required IReadOnlyList<EraseDirective> Directives { get; init; }

    /// <summary>Files with bytes that must not be there.</summary>
    public required IReadOnlyList<string> SecretFiles { get; init; }
}
