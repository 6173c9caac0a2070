using Iced.Intel;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Images;
using static Iced.Intel.AssemblerRegisters;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>
/// The last instructions before an entry in 32-bit mode. They run in a 32-bit segment while paging is still on, turn it off, and so
/// leave long mode. All of purgatory lies below 4 GiB then, where memory was mapped one to one: the instruction after the
/// switch is found at the same address.
/// </summary>
/// <remarks>
/// <para>Order: Intel SDM volume 3, "Switching Out of IA-32e Mode Operation". With five levels the same holds: CR4.LA57 may only
/// change outside long mode, where it is cleared with all of CR4.</para>
/// <para>State: Documentation/arch/x86/boot.rst, "32-bit Boot Protocol"; Multiboot specifications, "Machine state".</para>
/// </remarks>
internal static class Exit32Emitter
{
    private const int PagingOff = 0x7fffffff;
    private const int ExtendedFeatures = unchecked((int)0xc0000080);
    private const int LongModeOff = ~0x100;

    internal static byte[] Assemble(PurgatoryRequest request)
    {
        var c = new Assembler(32);
        c.mov(eax, cr0);                    // protection and paging are on
        c.and(eax, PagingOff);              // CR0.PG is the highest bit
        c.mov(cr0, eax);                    // paging off: long mode is no longer active (EFER.LMA)
        c.mov(ecx, ExtendedFeatures);       // the MSR EFER
        c.rdmsr();                          // edx:eax
        c.and(eax, LongModeOff);            // EFER.LME: paging turned on again shall not mean long mode
        c.wrmsr();                          // edx as it was read
        c.mov(eax, 0);                      // no extension of paging or of registers:
        c.mov(cr4, eax);                    // neither PAE nor LA57 nor anything a 32-bit kernel does not expect
        c.mov(eax, (int)PurgatoryLayout.DataSelector); // flat data (__BOOT_DS), as loaded in 64-bit mode, where limits
        c.mov(ds, eax);                     // are not looked at: loaded anew, so that the 32-bit
        c.mov(es, eax);                     // limits in the hidden copies are those of the descriptor
        c.mov(ss, eax);                     // the stack is purgatory's still
        c.mov(fs, eax);                     // and with fs and gs
        c.mov(gs, eax);                     // all six are flat

        // What the kernel is handed: Linux takes boot_params in esi, Multiboot its information in ebx and a magic number in eax.
        int information = unchecked((int)(uint)request.BootParameters.Value);
        bool linux = request.Entry == KernelEntry.Linux32;
        c.mov(eax, request.Entry switch
        {
            KernelEntry.Multiboot1 => unchecked((int)MultibootInfo.Magic),
            KernelEntry.Multiboot2 => unchecked((int)Multiboot2Info.Magic),
            _ => 0,
        });
        c.mov(ebx, linux ? 0 : information); // Linux wants ebp, edi, ebx zero
        c.mov(esi, linux ? information : 0);
        c.mov(ecx, 0);                      // the rest is zero, so that
        c.mov(edx, 0);                      // nothing of this code can be
        c.mov(edi, 0);                      // relied on
        c.mov(ebp, 0);
        c.push(2);                          // flags: only the bit that is always one;
        c.popfd();                          // interrupts stay off
        c.jmp(request.KernelEntry.Value);   // the code segment is the one wanted already

        using var stream = new MemoryStream();
        c.Assemble(new StreamCodeWriter(stream), request.Base.Value + PurgatoryLayout.Exit32);
        return stream.ToArray();
    }
}
