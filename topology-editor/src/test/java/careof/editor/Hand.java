package careof.editor;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.geometry.Point2D;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Window;
import org.testfx.api.FxRobot;
import org.testfx.robot.BaseRobot;
import org.testfx.robot.ClickRobot;
import org.testfx.robot.KeyboardRobot;
import org.testfx.robot.Motion;
import org.testfx.robot.MouseRobot;
import org.testfx.robot.MoveRobot;
import org.testfx.robot.SleepRobot;
import org.testfx.robot.TypeRobot;
import org.testfx.robot.impl.ClickRobotImpl;
import org.testfx.robot.impl.KeyboardRobotImpl;
import org.testfx.robot.impl.MouseRobotImpl;
import org.testfx.robot.impl.MoveRobotImpl;
import org.testfx.robot.impl.TypeRobotImpl;
import org.testfx.service.query.PointQuery;

/**
 * TestFX's robot, which waits after each act until the window has shown what came of it, where TestFX sleeps: 50 ms after each press, release and
 * movement, 75 ms after each character, and one on each pixel of the way. Frames are what an onlooker would wait for; and on a busy machine they come
 * later, as does what they show, while a sleep ends when it ends.
 */
final class Hand extends FxRobot {
    /** From one act to the next: a frame that began after the act, and the beginning of another, when the first is laid out. */
    private static final int FRAMES = 2;

    private final BaseRobot base = robotContext().getBaseRobot();
    private final SleepRobot awake = new SleepRobot() {
        @Override
        public void sleep(long milliseconds) {
        }

        @Override
        public void sleep(long duration, TimeUnit unit) {
        }
    };
    private final MouseRobot mouse = new MouseRobotImpl(base) {
        @Override
        public void press(MouseButton... buttons) {
            pressNoWait(buttons);
            frames(FRAMES);
        }

        @Override
        public void release(MouseButton... buttons) {
            releaseNoWait(buttons);
            frames(FRAMES);
        }

        @Override
        public void move(Point2D to) {
            moveNoWait(to);
            frames(FRAMES);
        }
    };
    private final KeyboardRobot keyboard = new KeyboardRobotImpl(base) {
        @Override
        public void press(KeyCode... keys) {
            pressNoWait(keys);
            frames(FRAMES);
        }

        @Override
        public void release(KeyCode... keys) {
            releaseNoWait(keys);
            frames(FRAMES);
        }
    };
    private final MoveRobot move = new MoveRobotImpl(base, mouse, awake);
    private final ClickRobot click = new ClickRobotImpl(mouse, move, awake);
    private final TypeRobot type = new TypeRobotImpl(keyboard, awake);

    /** Waits until so many frames have begun since all is done that the JavaFX thread was asked for: all of them but the last are laid out then. */
    static void frames(int count) {
        CountDownLatch begun = new CountDownLatch(count);
        Platform.runLater(() -> new AnimationTimer() {
            @Override
            public void handle(long now) {
                begun.countDown();
                if (begun.getCount() == 0) {
                    stop();
                }
            }
        }.start());
        try {
            if (!begun.await(120, TimeUnit.SECONDS)) {
                throw new AssertionError("no frame within 120 s");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public FxRobot press(MouseButton... buttons) {
        mouse.press(buttons);
        return this;
    }

    @Override
    public FxRobot release(MouseButton... buttons) {
        mouse.release(buttons);
        return this;
    }

    @Override
    public FxRobot moveTo(PointQuery to, Motion motion) {
        move.moveTo(to, motion);
        return this;
    }

    @Override
    public FxRobot clickOn(PointQuery at, Motion motion, MouseButton... buttons) {
        click.clickOn(at, motion, buttons);
        return this;
    }

    @Override
    public FxRobot doubleClickOn(PointQuery at, Motion motion, MouseButton... buttons) {
        click.doubleClickOn(at, motion, buttons);
        return this;
    }

    @Override
    public FxRobot press(KeyCode... keys) {
        keyboard.press(keys);
        return this;
    }

    @Override
    public FxRobot release(KeyCode... keys) {
        keyboard.release(keys);
        return this;
    }

    @Override
    public FxRobot type(KeyCode... keys) {
        type.type(keys);
        return this;
    }

    @Override
    public FxRobot type(KeyCode key, int times) {
        type.type(key, times);
        return this;
    }

    @Override
    public FxRobot push(KeyCode... keys) {
        type.push(keys);
        return this;
    }

    /** Writes where the focus is, in the window that has it. */
    @Override
    public FxRobot write(String text) {
        Scene scene = robotContext().getWindowFinder().window(Window::isFocused).getScene();
        text.codePoints().forEach(c -> base.typeKeyboard(scene, KeyCode.UNDEFINED, Character.toString(c)));
        frames(FRAMES);
        return this;
    }
}
