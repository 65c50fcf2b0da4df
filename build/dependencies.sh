# Which package groups are replaced by stand-ins (docs/dependencies.md). Sourced by run, test and .ci/run, from the repository's root.
#
#   dependencies_argument ARG   takes --stand-ins=all|none|LIST or --probe; fails where ARG is something else
#   dependencies_choose         decides, exports StandIns for every dotnet command that follows, prints one line
#   dependencies_probe          only asks what the NuGet sources can restore: sets missing (a list with ;, or none)
#
# STAND_INS in the environment is the same as --stand-ins.

: "${STAND_INS:=}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
dependencies_file=.dependencies.props
dependencies_again=
dependencies_seconds=120   # a probe that has not ended by then counts as unanswered

dependencies_argument() {
  case $1 in
    --stand-ins=?*) STAND_INS=${1#*=} ;;
    --probe) dependencies_again=yes ;;
    *) return 1 ;;
  esac
}

# The groups, in the order in which Directory.Build.targets names them.
dependencies_groups() { sed -n 's/.*<StandInPackage Include="[^"]*" Group="\([^"]*\)".*/\1/p' Directory.Build.targets | awk '!seen[$0]++'; }

dependencies_packages() { sed -n "s/.*<StandInPackage Include=\"\([^\"]*\)\" Group=\"$1\".*/\1/p" Directory.Build.targets; }

# What an answer depends on: versions asked for, NuGet's configuration, the SDK.
dependencies_key() {
  { cat Directory.Packages.props Directory.Build.targets
    dotnet --version
    dotnet nuget config paths | while IFS= read -r config; do echo "$config"; [ ! -f "$config" ] || cat "$config"; done
    env | grep '^NUGET_' | sort || true
  } 2>&1 | cksum | tr ' ' '-'
}

# One project that names exactly the group's packages. It lies below the root, so that the same NuGet configuration applies to it.
dependencies_probe_project() {
  local group=$1 folder=$2 package
  mkdir -p "$folder"
  for file in Directory.Build.props Directory.Build.targets Directory.Packages.props; do echo '<Project />' > "$folder/$file"; done
  { echo '<Project Sdk="Microsoft.NET.Sdk">'
    echo '  <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>'
    echo '  <ItemGroup>'
    for package in $(dependencies_packages "$group"); do
      sed -n "s|.*<PackageVersion Include=\"$package\" Version=\"\([^\"]*\)\".*|    <PackageReference Include=\"$package\" Version=\"[\1]\" />|p" Directory.Packages.props
    done
    echo '  </ItemGroup>'
    echo '</Project>'
  } > "$folder/$group.csproj"
}

# Runs a command with a bound in seconds; 124 when it was cut off.
dependencies_bounded() {
  local seconds=$1 command guard status=0
  shift
  "$@" & command=$!
  ( i=0; while [ $i -lt "$seconds" ]; do sleep 1; i=$((i + 1)); kill -0 $command 2>/dev/null || exit 0; done; kill -KILL $command 2>/dev/null ) > /dev/null 2>&1 & guard=$!
  wait $command 2>/dev/null || status=$?
  kill $guard 2>/dev/null || true
  wait $guard 2>/dev/null || true
  [ $status -ne 137 ] || status=124
  return $status
}

dependencies_probe() {
  local folder=artifacts/probe group pids= pid
  rm -rf "$folder"
  missing= unanswered=
  for group in $(dependencies_groups); do
    dependencies_probe_project "$group" "$folder/$group"
    dependencies_bounded "$dependencies_seconds" \
      dotnet restore "$folder/$group/$group.csproj" -nodeReuse:false > "$folder/$group/restore.log" 2>&1 & pids="$pids $!"
  done
  for group in $(dependencies_groups); do
    pid=${pids# }; pid=${pid%% *}; pids=${pids# }; pids=${pids#"$pid"}
    if wait "$pid"; then continue; else status=$?; fi
    missing="$missing;$group"
    # A source that could not be reached has said nothing about its packages.
    if [ $status -eq 124 ] || grep -q 'NU1301' "$folder/$group/restore.log"; then unanswered="$unanswered;$group"; fi
  done
  missing=${missing#;} unanswered=${unanswered#;}
  : "${missing:=none}"
}

dependencies_write() { # KEY LIST
  cat > "$dependencies_file.$$" <<END
<Project>
  <!-- What the NuGet sources of this machine could not restore; asked again when this key changes: $1 -->
  <PropertyGroup>
    <StandIns>$2</StandIns>
  </PropertyGroup>
</Project>
END
  mv "$dependencies_file.$$" "$dependencies_file"
}

dependencies_read() { sed -n 's/.*<StandIns>\(.*\)<\/StandIns>.*/\1/p' "$dependencies_file" 2>/dev/null || true; }

dependencies_say() { # LIST WHY
  local official= group
  for group in $(dependencies_groups); do case ";$1;" in *";$group;"*) ;; *) official="$official, $group" ;; esac; done
  official=${official#, }
  if [ "$1" = none ]; then echo "Packages: official $official ($2)"; else
    echo "Packages: stand-ins for $(echo "$1" | sed 's/;/, /g')${official:+; official $official} ($2)"; fi
}

dependencies_choose() {
  local all key why
  all=$(dependencies_groups | paste -sd ';' -)
  if [ -n "$STAND_INS" ]; then
    StandIns=$(echo "$STAND_INS" | tr ',' ';')
    [ "$StandIns" != all ] || StandIns=$all
    for group in $(echo "$StandIns" | tr ';' ' '); do
      case ";$all;none;" in *";$group;"*) ;; *) echo "--stand-ins: no package group \"$group\" (all, none, or of: $all)" >&2; return 2 ;; esac
    done
    why=forced
  else
    key=$(dependencies_key)
    StandIns=$(dependencies_read)
    why="found out earlier, --probe asks again"
    if [ -n "$dependencies_again" ] || [ -z "$StandIns" ] || ! grep -q ": $key -->" "$dependencies_file"; then
      echo "Asking the NuGet sources for the official packages ..."
      dependencies_probe
      why="what the NuGet sources can restore"
      if [ -n "$unanswered" ]; then
        why="no answer from the NuGet sources about $unanswered, to be asked again"
        key=unanswered
      fi
      StandIns=$missing
      dependencies_write "$key" "$StandIns"
    fi
  fi
  export StandIns
  dependencies_say "$StandIns" "$why"
}
