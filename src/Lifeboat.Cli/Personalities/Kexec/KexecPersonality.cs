using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Lifeboat.Cli.Interop;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Cli.Personalities.Kexec;

/// <summary><c>kexec</c>: the options, exit codes and order of doing things of kexec-tools; the work is the loader's.</summary>
internal sealed class KexecPersonality : Personality
{
    /// <summary>Exit code: done; with <c>-S</c>, nothing is loaded.</summary>
    public const int Done = 0;

    /// <summary>Exit code: what is asked for cannot be done as it stands; with <c>-S</c>, an image is loaded.</summary>
    public const int Died = 1;

    /// <summary>Exit code: a step failed (kexec's -1).</summary>
    public const int Failed = 255;

    /// <summary>The version whose options these are.</summary>
    public const string Version = "2.0.32";

    private static readonly string[] ShutdownPrograms = ["/sbin/shutdown", "/etc/shutdown", "/bin/shutdown"];

    public override string Name => "kexec";

    [SuppressMessage("Design", "CA1031", Justification = "The boundary of a command: what is not foreseen is told, not thrown at the user.")]
    public override int Run(string[] arguments, Terminal terminal)
    {
        try
        {
            KexecSettings settings = KexecCommandLine.Read(arguments);
            if (settings.ShowsHelp || settings.ShowsVersion)
            {
                terminal.Output.Write(settings.ShowsHelp ? KexecHelp.Text : KexecHelp.VersionText);
                return Done;
            }

            return settings.ShowsReservation ? ShowReservation(terminal)
                : settings.ShowsStatus ? Status(settings)
                : Do(settings, terminal);
        }
        catch (KexecException exception)
        {
            terminal.Messages.WriteLine(exception.Message);
            if (exception.ShowsUsage)
            {
                terminal.Output.Write(KexecHelp.Text);
            }

            return exception.Code;
        }
        catch (DiagnosticException exception)
        {
            foreach (Diagnostic diagnostic in exception.Diagnostics)
            {
                terminal.Messages.WriteLine(diagnostic.ToString());
            }
        }
        catch (Exception exception) when (exception is KernelInterfaceException or IOException or UnauthorizedAccessException)
        {
            terminal.Messages.WriteLine($"kexec: {exception.Message}");
        }
        catch (Exception exception)
        {
            terminal.Messages.WriteLine($"kexec: this is a defect of lifeboat, please report it: {exception}");
        }

        return Failed;
    }

    private static int ShowReservation(Terminal terminal)
    {
        terminal.Output.WriteLine((KexecStatus.Read().ReservationSize ?? ByteCount.Zero).Value);
        return Done;
    }

    // Of the image for a crash, unless -l or --load-preserve-context ask for the other.
    private static int Status(KexecSettings settings)
    {
        KexecStatus status = KexecStatus.Read();
        bool isForCrash = settings.IsForCrash || !(settings.IsLoad || settings.PreservesContext);
        return ((isForCrash ? status.CrashImageLoaded : status.BootImageLoaded)
            ?? throw new KexecException("kexec: the kernel does not say whether an image is loaded: is /sys mounted?", Failed)) ? 1 : 0;
    }

    private static int Do(KexecSettings settings, Terminal terminal)
    {
        KexecAction actions = settings.Actions;
        if (actions.HasFlag(KexecAction.Unload))
        {
            if (settings.IsForCrash)
            {
                KexecLoader.UnloadCrashImage();
            }
            else
            {
                KexecLoader.UnloadBootImage();
            }
        }

        if (actions.HasFlag(KexecAction.Load))
        {
            Load(settings, terminal);
        }

        bool starts = (actions & (KexecAction.Shutdown | KexecAction.Execute)) != KexecAction.None;
        if (starts && KexecStatus.Read().BootImageLoaded == false)
        {
            throw new KexecException("Nothing has been loaded!");
        }

        if (actions.HasFlag(KexecAction.Shutdown))
        {
            Shutdown();
        }

        if (actions.HasFlag(KexecAction.Sync))
        {
            RebootImage.Sync();
        }

        if (actions.HasFlag(KexecAction.InterfacesDown))
        {
            NetworkInterfaces.TakeDown();
        }

        if (actions.HasFlag(KexecAction.Execute))
        {
            RebootImage.Start();
        }

        return Done;
    }

    // kexec reads files by a function that ends it only where it does not go by kexec_file_load.
    private static void Load(KexecSettings settings, Terminal terminal)
    {
        try
        {
            new KexecImageLoad(settings).Run(terminal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KexecException($"kexec: {exception.Message}", settings.Call == KexecCall.KexecLoad ? Died : Failed);
        }
    }

    private static void Shutdown()
    {
        foreach (string program in ShutdownPrograms)
        {
            if (File.Exists(program))
            {
                using Process process = Process.Start(program, ["-r", "now"]);
                process.WaitForExit();
                if (process.ExitCode != 0)
                {
                    throw new KexecException($"kexec: {program} -r now ended with {process.ExitCode}", Failed);
                }

                return;
            }
        }

        throw new KexecException("kexec: there is no shutdown program (/sbin/shutdown, /etc/shutdown, /bin/shutdown)", Failed);
    }
}
