using Lifeboat.Core.Linux;

namespace Lifeboat.Kexec.Rules;

/// <summary>One check of the kernel's own on what kexec_load is given.</summary>
/// <param name="Name">A name for it.</param>
/// <param name="Statement">What it asks for.</param>
/// <param name="Errno">What the kernel answers when it is broken.</param>
public sealed record KexecRule(string Name, string Statement, Errno Errno);
