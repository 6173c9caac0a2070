namespace Lifeboat.Capture.Storage;

/// <summary>
/// Our part of the two generators of initial ramdisks: each copies <c>LIFEBOAT_PROGRAMS</c>, with the libraries that they need, and
/// <c>LIFEBOAT_FILES</c> to the folder <c>LIFEBOAT_TREE</c>, by the generator's own functions.
/// </summary>
internal static class GeneratorScripts
{
    /// <summary>A hook of initramfs-tools.</summary>
    internal const string InitramfsToolsHook =
        """
        #!/bin/sh
        # A hook of initramfs-tools, for lifeboat ramdisk build: copies the programs that set up a target's storage, with the libraries that they
        # need, and their settings into a folder. The image that is made around it is not used.
        [ "$1" != prereqs ] || exit 0
        # shellcheck source=/dev/null
        . /usr/share/initramfs-tools/hook-functions

        # /bin, /lib and the like as the distribution has them in its own images.
        for link in "$DESTDIR"/*; do
            [ ! -L "$link" ] || { cp -a "$link" "$LIFEBOAT_TREE" && mkdir -p "$LIFEBOAT_TREE/$(readlink "$link")"; } || exit 1
        done
        export DESTDIR="$LIFEBOAT_TREE"
        for program in $LIFEBOAT_PROGRAMS; do
            copy_exec "$program" || exit 1
        done
        for file in $LIFEBOAT_FILES; do
            copy_file settings "$file" || [ $? -eq 1 ] || exit 1
        done

        """;

    /// <summary>A configuration of initramfs-tools, whose image is thrown away.</summary>
    internal const string InitramfsToolsConfiguration = "MODULES=list\nBUSYBOX=auto\nCOMPRESS=gzip\nRESUME=none\n";

    /// <summary>A module of dracut (module-setup.sh).</summary>
    internal const string DracutModule =
        """
        #!/bin/bash
        # A module of dracut, for lifeboat ramdisk build: copies the programs that set up a target's storage, with the libraries that they need,
        # and their settings into a folder. The image that is made around it is not used.

        # Only where it is asked for by its name.
        check() {
            return 255
        }

        depends() {
            return 0
        }

        install() {
            # shellcheck disable=SC2086
            "$DRACUT_INSTALL" -D "$LIFEBOAT_TREE" -l -a $LIFEBOAT_PROGRAMS || touch "$LIFEBOAT_TREE.failed"
            # shellcheck disable=SC2086
            [ -z "$LIFEBOAT_FILES" ] || "$DRACUT_INSTALL" -D "$LIFEBOAT_TREE" -a $LIFEBOAT_FILES || touch "$LIFEBOAT_TREE.failed"
        }

        """;
}
