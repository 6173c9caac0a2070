using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Vmcore.Flattened;
using Lifeboat.Vmcore.Split;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary><c>makedumpfile</c>: its options, its messages, its exit codes; the work is the dump engine's.</summary>
internal sealed class MakedumpfilePersonality : Personality
{
    /// <summary>Exit code: done.</summary>
    public const int Completed = 0;

    /// <summary>Exit code: it could not be done.</summary>
    public const int Failed = 1;

    /// <summary>Exit code: the dump is another kernel's than the file given with -x or -i.</summary>
    public const int WrongRelease = 2;

    /// <summary>The version whose options and messages these are.</summary>
    public const string Version = "1.7.9";

    public override string Name => "makedumpfile";

    /// <summary>What the C library says of an error number.</summary>
    public static string TextOf(Errno errno) => Marshal.GetPInvokeErrorMessage((int)errno);

    [SuppressMessage("Design", "CA1031", Justification = "The boundary of a command: what is not foreseen is told, not thrown at the user.")]
    public override int Run(string[] arguments, Terminal terminal)
    {
        var settings = new MakedumpfileSettings();
        var messages = new MakedumpfileMessages(terminal);
        int code = Failed;
        try
        {
            MakedumpfileCommandLine.Read(arguments, settings, messages);
            if (settings.ShowsHelp || settings.ShowsVersion)
            {
                messages.Common(settings.ShowsHelp ? MakedumpfileHelp.Text : MakedumpfileHelp.VersionText);
                return Completed;
            }

            messages.Debug($"makedumpfile: version {Version} (lifeboat {LifeboatCommand.Version})");
            messages.Debug($"command line: {Name} {string.Join(' ', arguments)}\n");
            MakedumpfileRules.Check(settings);
            if (!settings.OnlyChecks)
            {
                Do(settings, messages);
            }

            code = Completed;
        }
        catch (MakedumpfileException exception)
        {
            Tell(exception, messages);
            code = exception.Code;
        }
        catch (DiagnosticException exception)
        {
            foreach (Diagnostic diagnostic in exception.Diagnostics)
            {
                messages.Error("lifeboat", diagnostic.ToString());
            }
        }
        catch (Exception exception) when (exception is KernelInterfaceException or IOException or UnauthorizedAccessException)
        {
            messages.Error("lifeboat", exception.Message);
        }
        catch (Exception exception)
        {
            messages.Error("lifeboat", $"this is a defect of lifeboat, please report it: {exception}");
        }

        if (!settings.OnlyChecks)
        {
            messages.Common();
            if (code != Completed)
            {
                messages.Common("makedumpfile Failed.");
            }
            else if (settings.Mode != MakedumpfileMode.MemoryUsage)
            {
                messages.Common("makedumpfile Completed.");
            }
        }

        return code;
    }

    private static void Tell(MakedumpfileException exception, MakedumpfileMessages messages)
    {
        if (exception.Place is { } place)
        {
            messages.Error(place, exception.Message);
        }
        else
        {
            messages.Common(exception.Message);
        }
    }

    private static void Do(MakedumpfileSettings settings, MakedumpfileMessages messages)
    {
        CheckDumpfiles(settings);
        switch (settings.Mode)
        {
            case MakedumpfileMode.Rearrange:
                using (Stream input = Console.OpenStandardInput())
                {
                    FlattenedDump.Rearrange(input, settings.Dumpfile);
                }

                break;
            case MakedumpfileMode.Reassemble:
                Reassemble(settings, messages);
                break;
            case MakedumpfileMode.Log:
                LogExtraction.Run(settings, messages);
                messages.Common($"\nThe dmesg log is saved to {settings.Dumpfile}.");
                return;
            case MakedumpfileMode.MemoryUsage:
                MemoryUsage.Run(settings, messages);
                return;
            default:
                new DumpfileCreation(settings, messages, TimeProvider.System).Run();
                break;
        }

        messages.Common(settings.Splits
            ? $"\nThe dumpfiles are saved to {string.Join(", ", settings.Dumpfiles.SkipLast(1))}, and {settings.Dumpfile}."
            : $"\nThe dumpfile is saved to {settings.Dumpfile}.");
    }

    private static void Reassemble(MakedumpfileSettings settings, MakedumpfileMessages messages)
    {
        string[] parts = [.. settings.Operands.SkipLast(1)];
        DumpFiles.ClearForWriting(settings.Dumpfile, parts, mayOverwrite: true);
        SplitJoinResult result = SplitDump.Join(parts, settings.Dumpfile);
        foreach (Diagnostic notice in result.Notices)
        {
            messages.Error("reassemble_dumpfile", notice.ToString());
        }

        if (result.IsIncomplete)
        {
            throw new MakedumpfileException(null, "This is an incomplete dumpfile, but might analyzable.");
        }
    }

    private static void CheckDumpfiles(MakedumpfileSettings settings)
    {
        foreach (string path in settings.Dumpfiles)
        {
            if (Path.Exists(path) && !settings.MayOverwrite)
            {
                throw new MakedumpfileException(
                    "check_dump_file", $"Can't open the dump file ({path}). {TextOf(Errno.EEXIST)}");
            }
        }
    }
}
