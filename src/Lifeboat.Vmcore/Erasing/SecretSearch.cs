using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Erasing;

/// <summary>Looks through all that a dump has for bytes that it should not have.</summary>
public static class SecretSearch
{
    /// <summary>The shortest secret: fewer bytes would be found by chance.</summary>
    public const int LeastBytes = 8;

    /// <summary>The longest secret.</summary>
    public const int MostBytes = Pfn.PageSize;

    private const int WindowPages = 4096;

    /// <summary>Finds secrets in the pages, across those that follow each other too, and in the notes.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="secrets">The bytes, each <see cref="LeastBytes"/> to <see cref="MostBytes"/> long.</param>
    /// <param name="cancellation">Ends the search early.</param>
    /// <returns>For each secret the first place that has it; null for none. In the notes it is address 0.</returns>
    /// <exception cref="ArgumentException">A secret is too short or too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<PhysicalAddress?> Run(
        DumpSource dump, IReadOnlyList<byte[]> secrets, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dump);
        ArgumentNullException.ThrowIfNull(secrets);
        foreach (byte[] secret in secrets)
        {
            if (secret.Length is < LeastBytes or > MostBytes)
            {
                throw new ArgumentException($"a secret has {LeastBytes} to {MostBytes} bytes", nameof(secrets));
            }
        }

        var found = new PhysicalAddress?[secrets.Count];
        Look(dump.Notes.Span, new PhysicalAddress(0), secrets, found);

        // The page before stays in front of the page at hand, as a secret may lie in both.
        byte[] bytes = new byte[2 * Pfn.PageSize];
        var states = new PageState[WindowPages];
        bool hasBefore = false;
        ulong end = dump.EndPfn.Value;
        for (ulong pfn = 0; pfn < end;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (dump.TryGetRun(new Pfn(pfn), out PageState run, out Pfn runEnd) && run is PageState.NotRam or PageState.Excluded)
            {
                (pfn, hasBefore) = (runEnd.Value, false);
                continue;
            }

            int count = (int)Math.Min(WindowPages, end - pfn);
            dump.GetPageStates(new Pfn(pfn), states.AsSpan(0, count));
            for (int i = 0; i < count; i++)
            {
                Span<byte> page = bytes.AsSpan(Pfn.PageSize);
                int read = states[i] is PageState.Present ? dump.Read(new Pfn(pfn + (ulong)i).Address, page, out _) : 0;
                if (read == 0)
                {
                    hasBefore = false;
                    continue;
                }

                int from = hasBefore ? 0 : Pfn.PageSize;
                ulong address = new Pfn(pfn + (ulong)i).Address.Value - (ulong)(Pfn.PageSize - from);
                Look(bytes.AsSpan(from, Pfn.PageSize - from + read), new PhysicalAddress(address), secrets, found);
                page.CopyTo(bytes);
                hasBefore = read == Pfn.PageSize;
            }

            pfn += (ulong)count;
        }

        return found;
    }

    private static void Look(
        ReadOnlySpan<byte> bytes, PhysicalAddress start, IReadOnlyList<byte[]> secrets, PhysicalAddress?[] found)
    {
        for (int i = 0; i < secrets.Count; i++)
        {
            if (found[i] is null && bytes.IndexOf(secrets[i]) is >= 0 and var place)
            {
                found[i] = start + new ByteCount((ulong)place);
            }
        }
    }
}
