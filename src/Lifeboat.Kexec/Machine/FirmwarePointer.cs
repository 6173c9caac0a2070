namespace Lifeboat.Kexec.Machine;

/// <summary>An address that firmware gave, physical or virtual as the firmware likes; it is handed on as it is.</summary>
/// <param name="Value">The address; 0 for none.</param>
public readonly record struct FirmwarePointer(ulong Value);
